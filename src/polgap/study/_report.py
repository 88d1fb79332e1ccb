"""Sum up the steps: ``result.json`` for programs, ``details.json`` for the brief."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from shapely.geometry import mapping

from polgap import assess, calibrate, catalogue, deploy
from polgap.domain import KINDS, Inputs, Note, Result, Study, month_number
from polgap.errors import StudyError
from polgap.study._account import account
from polgap.study._argue import against, comparison, gendarmerie, harm
from polgap.study._beside import need_models_block, women_block
from polgap.study._blocks import (
    INTERNAL,
    SCHEMA,
    Block,
    Steps,
    arrival_block,
    assessed,
    by,
    clean,
    gap_block,
    interval,
    manifest_block,
    marks,
    mean_officers,
    notes_block,
    options_block,
    records,
    sceptical_block,
    study_block,
    totals,
    waterfall,
)
from polgap.study._checklist import checklist_block, turning_block
from polgap.study._effort import by_area, reporting
from polgap.study._force import force_block
from polgap.study._hubs import hubs
from polgap.study._provision import advice, provision
from polgap.study._register import aggregated, basis_of, register, register_block
from polgap.study._relaxed import lacks, relaxed
from polgap.study._sensitivity import first_order, sensitivity_block
from polgap.study._unreached import unreached

_DETAIL_DEGREES = 0.01
_HISTORY = 60


def report(study: Study, inputs: Inputs, s: Steps) -> Result:
    """Return the answer of a run: its blocks, the brief's details, tables and cubes.

    Parameters
    ----------
    study : Study
    inputs : Inputs
    s : Steps
        What the steps gave.
    """
    blocks = {
        "schema": SCHEMA,
        "study": study_block(study),
        "gap": gap_block(study, inputs, totals(study, s)),
        "options": options_block(study, inputs, s),
        "arrival": arrival_block(inputs, s),
        "handover": s.handover.rows,
        "outcome": s.played.rows,
        "skill": s.forecast.skill,
        "manifest": manifest_block(study, inputs),
        "notes": notes_block(_notes(inputs, s)),
    }
    shown = details(study, inputs, s)  # before the register, which lists all that was read
    first = first_order(s)
    known = register(study, inputs, s, first)
    tables = {
        "assumptions": known,
        "plan": pd.concat(
            [d.plan.table.assign(option=name) for name, d in s.deployed.items()],
            ignore_index=True,
        ),
        "handover_path": s.handover.path,
        "gap": _gap_table(s),
    }
    if "why_by_cell" in s.gap.parts:
        tables["why"] = s.gap.parts["why_by_cell"]
    cubes = {"futures": s.forecast.futures, "outcome": s.played.outcome}
    shown |= {"assumptions": aggregated(known), **_inquiry(study, s, first, known)}
    return Result(clean(blocks), clean(shown), tables, cubes)


def inquiry(
    study: Study, inputs: Inputs, s: Steps, frozen: Mapping[str, pd.DataFrame] | None = None
) -> Block:
    """Return what the answer rests on: ``sensitivity``, ``checklist``, ``turning``, ``register``.

    Parameters
    ----------
    study, inputs, s
        What was asked, from what, and what the steps gave.
    frozen : mapping of headline -> pd.DataFrame, optional
        What mixed runs gave (`polgap.study._sensitivity.mixtures`); without them totals are null.
    """
    first = first_order(s)
    known = register(study, inputs, s, first)
    found: Block = clean(_inquiry(study, s, first, known, frozen))
    return found


def _inquiry(
    study: Study,
    s: Steps,
    first: Mapping[str, pd.DataFrame],
    known: pd.DataFrame,
    frozen: Mapping[str, pd.DataFrame] | None = None,
) -> Block:
    return {
        "sensitivity": sensitivity_block(study, first, frozen),
        "checklist": checklist_block(s),
        "turning": turning_block(s),
        "register": register_block(known),
    }


def block(verb: str, study: Study, inputs: Inputs, s: Steps) -> Block:
    """Return the block of one verb, with `schema`, `edition` and `study`.

    Raises
    ------
    StudyError
        For a verb that has no block.
    """
    makers: dict[str, Callable[[], Block]] = {
        "gap": lambda: {"gap": gap_block(study, inputs, totals(study, s))},
        "need_models": lambda: {
            "gap": gap_block(study, inputs, totals(study, s)),
            "need_models": need_models_block(s),
        },
        "options": lambda: _options(study, inputs, s),
        "options_sceptical": lambda: {
            **_options(study, inputs, s),
            "sceptical": sceptical_block(s),
        },
        "deploy": lambda: {
            "arrival": arrival_block(inputs, s),
            "force": force_block(study, inputs, s),
            "generation": records(s.force.chain),
            "areas": [
                {"area": a, "name": n}
                for a, n in zip(inputs.areas["area"], inputs.areas["name"], strict=True)
            ],
            "notes": notes_block(s.force.notes),
        },
        "simulate": lambda: {"outcome": s.played.rows},
    }
    if verb not in makers:
        raise StudyError(f"verb: got {verb!r}; wanted one of {sorted(makers)}")
    head = {"schema": SCHEMA, "edition": INTERNAL, "study": study_block(study)}
    found: Block = clean({**head, **makers[verb]()})
    return found


def _options(study: Study, inputs: Inputs, s: Steps) -> Block:
    """Return the options and what has to be said of them.

    Beside, where there are such: ``unreached`` (areas that nobody can serve) and ``relax`` (rules
    that contradict each other).
    """
    said = [s.posture.notes, s.force.notes, *(d.plan.notes for d in s.deployed.values())]
    chosen = s.deployed[s.chosen].plan
    found: Block = {
        "options": options_block(study, inputs, s),
        "notes": notes_block([note for part in said for note in part]),
    }
    apart = unreached(chosen.notes, inputs, s.gap, s.hours, s.left[s.chosen])
    if apart:
        found["unreached"] = apart
    if lacks(chosen):
        args = (study, inputs, s.gap, s.force, s.hours, s.theta.of("calibrate"))
        found["relax"] = [relaxed(chosen.name, calibrate.relax(*args))]
    return found


def details(study: Study, inputs: Inputs, s: Steps) -> Block:
    """Return what the brief shows beside ``result.json``."""
    requirement = mean_officers(s.gap.requirement)
    letter, share = assess.grade(s.theta, requirement, marks())
    compared = comparison(s)
    police = gendarmerie(study, s)
    return {
        "theatre": {
            "name": study.theatre,
            "names": _names(study),
            "iso3": study.iso3,
            "mission": study.mission,
            "capital": study.capital,
            "exercise": study.basis == "exercise",
        },
        "areas": _areas(inputs, s),
        "history": _history(inputs),
        "fan": records(s.forecast.fan),
        "waterfall": [
            {"code": name, **interval(mean_officers(cube))} for name, cube in waterfall(s).items()
        ],
        "by_area": _by(study, s, "area", inputs),
        "by_function": _by(study, s, "function", inputs),
        "area_functions": _area_functions(s, inputs),
        "provision": provision(inputs, s),
        "advice": advice(s),
        "phase_rule": "assess.phase_rule",
        "need_models": need_models_block(s),
        "women_on_duty": women_block(inputs, s),
        "movers": _movers(s, requirement),
        "grade": {"letter": letter, "share_assumed": share},
        "data": _data(study, inputs),
        "reporting": reporting(inputs),
        "institutions": int(inputs.host_police["institution"].nunique()),
        "import_report": [{"code": n.code, "values": dict(n.values)} for n in inputs.notes],
        "comparison": compared,
        "gendarmerie": police,
        "against": against(s, compared, letter, share),
        "harm": harm(study, s),
        "hubs": hubs(study, s.gap.requirement, _hours(study, inputs, s)),
        "storyline": s.played.storyline,
        "shocks": records(s.played.shocks),
        "generation": records(s.force.chain),
        "force": force_block(study, inputs, s),
        "posture": {
            "basis": s.posture.basis,
            "powers": s.posture.powers,
            "preconditions": [{"name": n, "met": m} for n, m in s.posture.preconditions],
        },
        "curve_options": {n: records(deploy.curve(d)) for n, d in s.deployed.items()},
        "institutional": records(s.handover.institutional),
        **account(study, inputs, s),
    }


def _hours(study: Study, inputs: Inputs, s: Steps) -> xr.DataArray:
    """Return the travel hours of the run, network and season included."""
    return deploy.travel_hours(
        inputs.areas, inputs.towns, s.theta, inputs.rules, study.report_months, inputs.travel
    )


def _names(study: Study) -> dict[str, str]:
    """Return the name of the country by language; empty where the theatre is no country."""
    countries = catalogue.table("countries").set_index("iso3")
    if study.iso3 not in countries.index:
        return {}
    return {lang: str(countries.loc[study.iso3, f"name_{lang}"]) for lang in ("en", "fr")}


def _notes(inputs: Inputs, s: Steps) -> list[Note]:
    parts = [inputs.notes, s.forecast.notes, s.posture.notes, s.gap.notes, s.force.notes]
    parts += [d.plan.notes for d in s.deployed.values()]
    parts += [s.handover.notes, s.effects.notes, s.played.notes]
    return [note for part in parts for note in part]


def _areas(inputs: Inputs, s: Steps) -> list[Block]:
    kept = ("area", "name", "parent", "parent_name", "population", "population_basis", "km2", "lon",
            "lat", "sensitivity")  # fmt: skip
    rows = records(inputs.areas.reindex(columns=list(kept)))
    for row, shape in zip(rows, outlines(inputs.areas), strict=True):
        row["phase"] = s.gap.phases[row["area"]]
        row["geometry"] = shape
    return rows


def outlines(areas: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the outline of each area as GeoJSON, in as much detail as a page can show."""
    return [
        mapping(shape.simplify(_DETAIL_DEGREES, preserve_topology=True))
        for shape in areas["geometry"].to_list()
    ]


def _history(inputs: Inputs) -> list[Block]:
    panel = inputs.panel.isel(month=slice(-_HISTORY, None))
    totals = {name: panel[name].sum("area", min_count=1).values for name in (*KINDS, "events")}
    totals["deaths"] = sum((totals[kind] for kind in KINDS[1:]), start=totals[KINDS[0]])
    months = panel["month"].values.tolist()
    return [
        {"month": m, **{name: float(v[i]) for name, v in totals.items()}}
        for i, m in enumerate(months)
    ]


def _by(study: Study, s: Steps, dim: str, inputs: Inputs) -> list[Block]:
    """Return need, shortfall, requirement and left open by area or by function."""
    keys = {"requirement": "mission_requirement"}
    cubes = waterfall(s)
    parts = {
        name: by(cubes[keys.get(name, name)], dim)
        for name in ("need", "national_shortfall", "requirement", "left_open")
    }
    rows: list[Block] = [
        {dim: label, **{n: p[label] for n, p in parts.items()}} for label in parts["need"]
    ]
    if dim == "function":
        causes = _causes(s)
        return [{**row, "why": causes.get(row["function"])}
                for row in rows if row["function"] in assessed(study, s)]  # fmt: skip
    why = {row.pop("area"): row for row in records(s.gap.why_by_area)}
    names = inputs.areas.set_index("area")["name"]
    observed = inputs.panel["events"].notnull().any("month")
    host = inputs.host_police["basis"].unique().tolist()
    effort = by_area(inputs)
    for row in rows:
        area = row["area"]
        row["name"] = str(names[area])
        row["data"] = "observed" if bool(observed.sel(area=area)) else "none"
        row |= effort[area]
        row["host_basis"] = "assumed" if "assumed" in host else host[0] if host else "none"
        row["why"] = why.get(area)
    return rows


def _area_functions(s: Steps, inputs: Inputs) -> list[Block]:
    """Return what is left open under the present mission by area, one column a function."""
    mean = s.left["status_quo"].unmet.mean("month").transpose("area", "function", "draw")
    ends = np.quantile(mean.values, [0.1, 0.5, 0.9], axis=-1)
    functions = [str(f) for f in mean["function"].values]
    basis = inputs.areas.set_index("area")["population_basis"]
    return [
        {
            "area": area,
            "functions": functions,
            "basis": str(basis[area]),
            "left_open": {k: e[i].tolist() for k, e in zip(("low", "mid", "high"), ends,
                                                           strict=True)},
        }
        for i, area in enumerate(mean["area"].values.tolist())
    ]  # fmt: skip


def _causes(s: Steps) -> dict[str, Block]:
    """Return the shares of the causes by function."""
    if "why_by_function" not in s.gap.parts:
        return {}
    known = s.gap.parts["why_by_function"].dropna()
    return {row.pop("function"): row for row in records(known)}


def _movers(s: Steps, headline: np.ndarray[Any, Any]) -> list[Block]:
    found = assess.movers(s.theta, headline)
    catalogue_rows = catalogue.parameters()
    rows = []
    for row in records(found):
        name = row["name"]
        parameter = catalogue_rows[name]
        low, _, high = s.theta.points(name)
        rows.append(
            {
                "name": name,
                "units": parameter.units,
                "mark": parameter.mark,
                "basis": basis_of(name, parameter.mark, s),
                "low": low,
                "high": high,
                "change_low": row["change_low"],
                "change_high": row["change_high"],
                "source": parameter.source,
            }
        )
    return sorted(rows, key=lambda r: -max(abs(r["change_low"]), abs(r["change_high"])))


def _data(study: Study, inputs: Inputs) -> list[Block]:
    rows = []
    for entry in inputs.manifest:
        as_of = str(entry.get("as_of") or "")
        known = len(as_of) >= 7
        age = month_number(study.origin) - month_number(as_of[:7]) if known else None
        rows.append(
            {
                "source": entry.get("name"),
                "origin": entry.get("origin"),
                "sha256": entry.get("sha256"),
                "rows": entry.get("rows"),
                "as_of": as_of or None,
                "age_months": age,
                "quality": _quality(age),
                "licence": entry.get("licence"),
                "notes": None,
            }
        )
    return rows


def _quality(age: int | None) -> str:
    """Return a class by age alone: A within 6 months, B 18, C 36, else D; U = not dated."""
    if age is None:
        return "U"
    return next((letter for letter, most in (("A", 6), ("B", 18), ("C", 36)) if age <= most), "D")


def _gap_table(s: Steps) -> pd.DataFrame:
    """Return left open under the present mission by area, month and function (low, mid, high)."""
    unmet = s.left["status_quo"].unmet.transpose("area", "month", "function", "draw")
    ends = np.quantile(unmet.values, [0.1, 0.5, 0.9], axis=-1)
    index = pd.MultiIndex.from_product(
        [unmet[d].values.tolist() for d in ("area", "month", "function")],
        names=["area", "month", "function"],
    )
    columns = dict(zip(("low", "mid", "high"), (e.ravel() for e in ends), strict=True))
    return pd.DataFrame(columns, index=index).reset_index()
