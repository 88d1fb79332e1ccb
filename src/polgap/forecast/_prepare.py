"""The panel as the models may see it: up to the origin, every month once, and what was found."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import xarray as xr

from polgap.domain import (
    KINDS,
    Futures,
    Note,
    Panel,
    month_label,
    month_number,
    month_range,
)
from polgap.errors import StudyError

VARIABLES = (*KINDS, "events")
"""What is forecast."""
NEW_AREA_MONTHS = 12
"""An area with fewer observed months is called new."""
SHORT_HISTORY = 24
"""Months below which there is no record to look back on."""


@dataclass(frozen=True)
class Known:
    """What the models may learn from.

    Parameters
    ----------
    panel : Panel
        Contiguous months, only variables observed at least once.
    missing : tuple of str
        Variables never observed.
    lag : int
        Months from the last month of `panel` to the first month wanted.
    """

    panel: Panel
    missing: tuple[str, ...]
    lag: int
    notes: tuple[Note, ...]


def prepare(panel: Panel, origin: str, lag: int = 1) -> Known:
    """Return the part of `panel` that was known, and notes on what it lacks.

    Parameters
    ----------
    origin : str
        Last month of the source's coverage; the first month wanted is the one after.
    lag : int
        1: the origin's month is known. 3: the last two months up to the origin are not yet
        reported and are not used.

    Raises
    ------
    StudyError
        If no month up to the origin was observed, or a month stands twice in the panel.
    """
    first = month_number(origin) + 1
    names = [name for name in VARIABLES if name in panel.data_vars]
    months = [str(m) for m in panel["month"].values]
    if len(set(months)) < len(months):
        raise StudyError("panel: a month stands twice; wanted every month once")
    usable = [m for m in months if month_number(m) <= first - lag]
    kept = panel[names].sel(month=usable)
    seen = np.array([kept[n].transpose("area", "month").notnull().to_numpy() for n in names])
    if seen.size == 0 or not seen.any():
        raise StudyError(
            f"panel: nothing observed up to {month_label(first - lag)}; wanted at least one month"
        )
    numbers = np.array([month_number(m) for m in usable])[seen.any(axis=(0, 1))]
    low, high = int(numbers.min()), int(numbers.max())
    whole = kept.reindex(month=month_range(month_label(low), high - low + 1))
    missing = tuple(v for v in VARIABLES if v not in names or not bool(whole[v].notnull().any()))
    part = Panel(whole.drop_vars([v for v in missing if v in whole]))
    return Known(part, missing, first - high, tuple(_notes(part, missing, first - high, lag)))


def _notes(panel: Panel, missing: tuple[str, ...], gap: int, lag: int) -> Iterable[Note]:
    names = [str(n) for n in panel.data_vars]
    values = np.stack([panel[n].transpose("area", "month").to_numpy() for n in names])
    seen = ~np.isnan(values)
    areas = [str(a) for a in panel["area"].values]
    months = panel.sizes["month"]
    last = str(panel["month"].values[-1])
    if gap > lag:
        yield Note("forecast.stale", {"month": last, "months": gap - lag})
    if lag > 1:
        yield Note("forecast.lag", {"months": lag - 1, "month": last})
    for name in missing:
        yield Note(f"forecast.unobserved_{name}")
    if months < SHORT_HISTORY:
        yield Note("forecast.short_history", {"months": months, "wanted": SHORT_HISTORY})
    length = seen.any(axis=0).sum(axis=1)
    never = [a for a, n in zip(areas, length, strict=True) if n == 0]
    fresh = [a for a, n in zip(areas, length, strict=True) if 0 < n < NEW_AREA_MONTHS]
    if never:
        yield Note("forecast.area_unobserved", {"count": len(never), "areas": _few(never)})
    if fresh and months >= NEW_AREA_MONTHS:
        yield Note("forecast.area_new", {"count": len(fresh), "areas": _few(fresh)})
    if not seen.all():
        yield Note("forecast.holes", {"percent": f"{100 * float((~seen).mean()):.1f}"})
    if np.nansum(values) == 0:
        yield Note("forecast.all_zero", {"first": str(panel["month"].values[0]), "last": last})
    if bool((np.nan_to_num(values) % 1).any()):
        yield Note("forecast.fractions")
    lost = _without_event(panel)
    if lost:
        yield Note("forecast.deaths_without_event", {"count": lost})


def _few(labels: list[str], most: int = 5) -> str:
    return ", ".join(labels[:most]) + (", …" if len(labels) > most else "")


def _without_event(panel: Panel) -> int:
    """Return the number of area-months with deaths but no event on record."""
    kinds = [k for k in KINDS if k in panel]
    if "events" not in panel or not kinds:
        return 0
    deaths = sum(panel[k].fillna(0.0) for k in kinds)
    return int(((deaths > 0) & (panel["events"] == 0)).sum())


def complete(ahead: Futures, missing: tuple[str, ...]) -> Futures:
    """Return futures with all four variables in order; one never observed is zero deaths.

    Events never observed are the fewest that fit the deaths: one in a month with deaths.
    """
    shape = tuple(ahead.sizes[d] for d in ("area", "month", "draw"))
    dims = ("area", "month", "draw")
    parts: dict[str, xr.DataArray] = {}
    for name in VARIABLES:
        if name not in missing:
            parts[name] = ahead[name]
            continue
        units = "deaths" if name in KINDS else "events"
        counts = np.zeros(shape, dtype=np.int64)
        if name == "events":
            counts = np.logical_or.reduce([parts[k].to_numpy() > 0 for k in KINDS])
        parts[name] = xr.DataArray(
            counts.astype(np.int64), coords=ahead.coords, dims=dims, attrs={"units": units}
        )
    return Futures(xr.Dataset(parts, attrs=ahead.attrs))
