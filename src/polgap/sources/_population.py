"""Population of the areas: figures joined by key, or a country total spread over them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from polgap import catalogue
from polgap.domain import Note
from polgap.errors import Problem, SchemaError
from polgap.sources._geometry import slug, whole
from polgap.sources.base import refuse

Array = NDArray[np.floating[Any] | np.integer[Any]]

WANTED = (
    "figures by area or a country total by year: --source population=FILE at the import, "
    "data/population.csv in a project"
)


def populate(
    areas: pd.DataFrame, towns: pd.DataFrame, figures: pd.DataFrame | None, file: str
) -> tuple[pd.DataFrame, list[Note]]:
    """Return the areas with `population` (persons) and `population_basis`.

    Figures by area are joined by key (p-code), summed where they are finer, and joined by name
    only where every name fits once. A total (area ``*``) is spread by `spread`.

    Raises
    ------
    SchemaError
        If there is no population at all, or an area is left without a figure.
    """
    if figures is None or figures.empty:
        if "population" not in areas:
            refuse([Problem("no population", WANTED, "no_population", column="population")])
        return areas, []
    if set(figures["area"]) == {"*"}:
        total = figures["population"].sum()
        people = spread(areas, towns, float(total))
        percent = round(100 * catalogue.parameters()["urban_share"].mid)
        values = {"total": int(total), "year": str(figures["as_of"].max()), "percent": percent}
        return _with(areas, people, "assumed"), [Note("sources.population_spread", values)]
    people, basis, by_name = _joined(areas, figures, file)
    notes = [Note("sources.population_by_name", {"file": file, "count": len(areas)})]
    return _with(areas, people, basis), notes if by_name else []


def _with(areas: pd.DataFrame, people: Array, basis: str | list[str]) -> pd.DataFrame:
    return areas.assign(population=people.astype(float), population_basis=basis)


def spread(areas: pd.DataFrame, towns: pd.DataFrame, total: float) -> Array:
    """Return inhabitants by area: the urban share by towns, the rest by km2; whole persons.

    Without towns all of it goes by km2.

    Parameters
    ----------
    areas : pd.DataFrame
        With area and km2.
    towns : pd.DataFrame
        With area and population.
    total : float, persons
    """
    urban = catalogue.parameters()["urban_share"].mid
    by_town = towns.groupby("area")["population"].sum()
    town = areas["area"].map(by_town).fillna(0.0).to_numpy(dtype=float)
    land = areas["km2"].to_numpy(dtype=float)
    land = land / land.sum()
    shares = urban * town / town.sum() + (1 - urban) * land if town.sum() > 0 else land
    return whole(shares, round(total))


def _joined(areas: pd.DataFrame, figures: pd.DataFrame, file: str) -> tuple[Array, list[str], bool]:
    """Return population and basis by area, and whether they were joined by name."""
    keys = areas["area"].tolist()
    for column in ("area", "parent"):
        sums = figures.groupby(column)["population"].sum()
        if set(keys) <= set(sums.index):
            basis = figures.groupby(column)["basis"].first()
            return sums.loc[keys].to_numpy(), basis.loc[keys].tolist(), False
    names = [slug(n).replace("-", "") for n in areas["name"]]
    called = figures["name"].where(figures["name"] != "", figures["area"])
    called = called.map(lambda n: slug(n).replace("-", ""))
    once = len(set(names)) == len(names)
    if once and set(names) <= set(called[~called.duplicated(keep=False)]):
        rows = figures.set_index(called).loc[names]
        return rows["population"].to_numpy(), rows["basis"].tolist(), True
    known = set(figures["area"]) | set(figures["parent"])
    lacking = [
        f"{k} ({n})"
        for k, n, s in zip(keys, areas["name"], names, strict=True)
        if k not in known and s not in set(called)
    ]
    got = f"no figure for {len(lacking)} areas: {', '.join(lacking[:8])}"
    wanted = "a figure for every area, by p-code or by a name that stands once"
    raise SchemaError([Problem(got, wanted, "no_population", file, column="area")])
