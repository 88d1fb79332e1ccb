"""Hand-over: when the host-State police can take over which area, and what may turn it back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from polgap.domain import Assessment, Inputs, Note, Posture, Study
from polgap.draws import Parameters
from polgap.errors import LabelError, Problem
from polgap.rebuild._criteria import Criteria, criteria, reversal, run_share
from polgap.rebuild._posts import Lines, lines, posts
from polgap.rebuild._stock import Stock, Support, stock, support
from polgap.rebuild._will import Will, will
from polgap.score import quantile

Array = NDArray[np.floating[Any]]
IntArray = NDArray[np.integer[Any]]

_BLOCK_CELLS = 4_000_000
"""Cells (area x month x draw x institution) worked on at a time, to bound memory."""
_ENDS = (0.1, 0.5, 0.9)


@dataclass(frozen=True)
class Handover:
    """When each area can be handed over.

    Parameters
    ----------
    rows : list of dict
        area; earliest (month or None); confidence (share of draws in which all criteria hold,
        several months in a row, from `earliest` on - or at best, where it is None); criteria
        {response, certified, logistics, stability} (share of draws in which each holds then, or
        at the end); reversal {low, mid, high} (share of the months after hand-over in which the
        host-State police no longer cover the need, support having ended).
    path : pd.DataFrame
        institution, area, month, and roll, operational, effective each _low, _mid, _high.
    institutional : pd.DataFrame
        month, low, mid, high: national shortfall without the mission, officers on strength,
        were support to end at once and the mission to leave in that month.
    """

    rows: list[dict[str, Any]]
    path: pd.DataFrame
    institutional: pd.DataFrame
    notes: tuple[Note, ...] = ()


def project(
    study: Study, inputs: Inputs, assessment: Assessment, posture: Posture, theta: Parameters
) -> Handover:
    """Return when each area can be handed over, draw by draw on the four Timor criteria [1]_.

    Response: effective host-State police cover the need. Certified: the vetted share is at least
    ``handover_min_certified_share``. Logistics: the equipped share is at least
    ``handover_min_equipped_share``. Stability: the lowest willingness indicator is at least
    ``handover_min_willingness``. The earliest month is the first from which all four hold
    ``handover_run_months`` in a row in at least ``handover_min_confidence`` of draws.

    Host provision is that of `assessment`, scaled by the path of effective officers since the
    origin: growth and ability where the posture is mentor or higher and, where that rung asks for
    one, a human-rights due diligence record is there; else attrition. An institution that
    is unwilling (mean willingness below ``unwilling_below``) or predatory (share that preys from
    ``predatory_from`` on) gets no equipment and no headcount, as advised.

    Parameters
    ----------
    study : Study
    inputs : Inputs
    assessment : Assessment
    posture : Posture
    theta : Parameters

    Returns
    -------
    Handover

    Raises
    ------
    LabelError
        If the assessment covers other areas or draws than `inputs` and `theta`.
    DataError
        If a table names an area or parent that the theatre does not have.

    References
    ----------
    .. [1] UNMIT and the Government of Timor-Leste, hand-over criteria, March 2009 (S/2009/504).

    Examples
    --------
    One area, no host-State police: it cannot be handed over.

    >>> from polgap import catalogue
    >>> from polgap.domain import cube, empty_table
    >>> study = Study("T", "2023-12", forecast_months=12, draws=5)
    >>> areas = pd.DataFrame({"area": ["a"], "parent": [""], "population": [1e5]})
    >>> names = ("towns", "host_police", "willingness", "other_providers", "mandate", "pledges",
    ...          "rules", "programmes")
    >>> inputs = Inputs(areas, panel=None, **{name: empty_table(name) for name in names})
    >>> need = cube(np.full((1, 12, 1, 5), 40.0), units="officers on strength", area=["a"],
    ...             month=study.all_months, function=["community"], draw=range(5))
    >>> people = cube(np.full((1, 5), 1e5), units="persons", area=["a"], draw=range(5))
    >>> gap = Assessment(need, 0 * need, need, need, np.zeros(5), None, pd.DataFrame(),
    ...                  {"a": "ceasefire"}, (0.0, 0.0, 0.0), people)
    >>> theta = Parameters(catalogue.parameters(), seed=1, draws=5)
    >>> found = project(study, inputs, gap, Posture({"a": "mentor"}, 1, {}, "given"), theta)
    >>> found.rows[0]["earliest"], found.rows[0]["criteria"]["response"]
    (None, 0.0)
    """
    areas = inputs.areas["area"].astype(str).tolist()
    _check(areas, assessment, theta)
    months = assessment.need["month"].values.astype(str).tolist()
    people = assessment.population.broadcast_like(assessment.need.isel(month=0, function=0))
    everywhere = posts(study, inputs, people.transpose("area", "draw").values, theta)
    willing = will(study, inputs, everywhere.institutions, theta)
    helped = support(posture, assessment.phases, areas)
    table = lines(study, inputs.host_police, theta)

    rows: list[dict[str, Any]] = []
    paths, unsupported = [], np.zeros((len(months), theta.draws))
    unwilling = np.zeros(len(areas), dtype=bool)
    for block in _blocks(len(areas), len(everywhere.institutions), len(months), theta.draws):
        part = Support(helped.given[block], helped.peace[block], helped.powers, 0)
        found = stock(
            table, everywhere.within(block), willing.within(block), part, len(months), theta
        )
        held = criteria(assessment, block, found, theta)
        rows += [_row(areas[a], k, held, months, theta) for k, a in enumerate(block)]
        paths.append(_path(found, everywhere.institutions, [areas[a] for a in block], months))
        unsupported += held.unsupported_shortfall
        unwilling[block] = (found.unwilling & (found.roll[:, :, 0].max(axis=-1) > 0)).any(axis=0)
    ends = quantile(unsupported, _ENDS)
    institutional = pd.DataFrame(
        {"month": months, "low": ends[:, 0], "mid": ends[:, 1], "high": ends[:, 2]}
    )
    staffed = np.unique(everywhere.area[table.roll.max(axis=1, initial=0.0)[everywhere.line] > 0])
    bare = len(areas) - len(staffed)
    notes = _notes(table, posture, helped, willing, unwilling, bare, rows, len(months))
    return Handover(rows, pd.concat(paths, ignore_index=True), institutional, notes)


def _check(areas: list[str], assessment: Assessment, theta: Parameters) -> None:
    theirs = assessment.need["area"].values.astype(str).tolist()
    problems = []
    if theirs != areas:
        got = f"an assessment of {theirs[:5]}"
        problems.append(Problem(got, f"the areas {areas[:5]}", "labels_differ", column="area"))
    if assessment.need.sizes["draw"] != theta.draws:
        got = f"an assessment of {assessment.need.sizes['draw']} draws"
        problems.append(Problem(got, f"{theta.draws}", "labels_differ", column="draw"))
    if problems:
        raise LabelError(problems)


def _blocks(areas: int, institutions: int, months: int, draws: int) -> Iterator[IntArray]:
    size = max(1, _BLOCK_CELLS // max(1, institutions * (months + 1) * draws))
    for first in range(0, areas, size):
        yield np.arange(first, min(first + size, areas))


def _row(area: str, k: int, held: Criteria, months: list[str], theta: Parameters) -> dict[str, Any]:
    run = min(round(theta.mid("handover_run_months")), len(months))
    share = run_share(held.all()[k], run)
    ready = np.flatnonzero(share >= theta.mid("handover_min_confidence"))
    earliest = int(ready[0]) + 1 if ready.size else None
    at = len(months) if earliest is None else earliest
    after = max(0, len(months) - 12) if earliest is None else earliest
    low, mid, high = quantile(reversal(held, k, after, theta), _ENDS).tolist()
    names = ("response", "certified", "logistics", "stability")
    return {
        "area": area,
        "earliest": None if earliest is None else months[earliest - 1],
        "confidence": float(share.max() if earliest is None else share[earliest - 1]),
        "criteria": {name: float(getattr(held, name)[k, at - 1].mean()) for name in names},
        "reversal": {"low": low, "mid": mid, "high": high},
    }


def _path(
    found: Stock, institutions: list[str], areas: list[str], months: list[str]
) -> pd.DataFrame:
    index = pd.MultiIndex.from_product(
        [institutions, areas, months], names=["institution", "area", "month"]
    )
    columns: dict[str, Array] = {}
    for name in ("roll", "operational", "effective"):
        ends = quantile(getattr(found, name)[:, :, 1:], _ENDS).reshape(-1, 3)
        columns |= {f"{name}_{e}": ends[:, i] for i, e in enumerate(("low", "mid", "high"))}
    return pd.DataFrame(columns, index=index).reset_index()


def _notes(
    table: Lines,
    posture: Posture,
    helped: Support,
    willing: Will,
    unwilling: NDArray[np.bool_],
    bare: int,
    rows: list[dict[str, Any]],
    months: int,
) -> tuple[Note, ...]:
    """Return what the reader must know; institutions are counted here, never named."""
    bare_of_support = int((~helped.given).sum()) - helped.off_record
    found = [
        ("rebuild.none_ready", {"months": months}, all(r["earliest"] is None for r in rows)),
        ("rebuild.unwilling", {"areas": int(unwilling.sum())}, bool(unwilling.any())),
        ("rebuild.no_support", {"areas": bare_of_support}, bare_of_support > 0),
        ("rebuild.hrddp_missing", {"areas": helped.off_record}, helped.off_record > 0),
        ("rebuild.no_host", {"areas": bare}, bare > 0),
        ("rebuild.nested", {}, bool(table.nested.any())),
        (
            "rebuild.will_assumed",
            {"institutions": int(willing.assumed.any(axis=1).sum())},
            bool(willing.assumed.any()),
        ),
    ]
    return tuple(Note(code, values) for code, values, holds in found if holds)
