"""Hand-over: when the host-State police can take over which area, and what may turn it back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from polgap.domain import Assessment, Inputs, Note, Posture, Study, cube
from polgap.draws import Parameters
from polgap.errors import LabelError, Problem
from polgap.rebuild._criteria import Criteria, criteria, host_provision, reversal, run_share
from polgap.rebuild._posts import Lines, Posts, lines, posts
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
    study: Study,
    inputs: Inputs,
    assessment: Assessment,
    posture: Posture,
    theta: Parameters,
    mentored: Mapping[str, float] | None = None,
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
    mentored : mapping, optional
        Area -> share of the mentors asked for that a plan puts there: so far goes the support.
        All of them where it is not given.

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
    here = _started(study, inputs, assessment, posture, theta, mentored)
    areas, months, everywhere = here.areas, here.months, here.posts
    rows: list[dict[str, Any]] = []
    paths, unsupported = [], np.zeros((len(months), theta.draws))
    unwilling = np.zeros(len(areas), dtype=bool)
    for block, found in here.stocks(theta):
        held = criteria(assessment, block, found, theta)
        rows += [_row(areas[a], k, held, months, theta) for k, a in enumerate(block)]
        paths.append(_path(found, everywhere.institutions, [areas[a] for a in block], months))
        unsupported += held.unsupported_shortfall
        unwilling[block] = (found.unwilling & (found.roll[:, :, 0].max(axis=-1) > 0)).any(axis=0)
    ends = quantile(unsupported, _ENDS)
    institutional = pd.DataFrame(
        {"month": months, "low": ends[:, 0], "mid": ends[:, 1], "high": ends[:, 2]}
    )
    on_roll = here.table.roll.max(axis=1, initial=0.0)[everywhere.line] > 0
    bare = len(areas) - len(np.unique(everywhere.area[on_roll]))
    notes = (*_mentors(here, mentored), *_notes(
        here.table, posture, here.helped, here.willing, unwilling, bare, rows, len(months)
    ))  # fmt: skip
    return Handover(rows, pd.concat(paths, ignore_index=True), institutional, notes)


def growth(
    study: Study, inputs: Inputs, assessment: Assessment, posture: Posture, theta: Parameters
) -> xr.DataArray:
    """Return what mentoring brings: host-State provision with all mentors over that with none.

    Parameters
    ----------
    study, inputs, assessment, posture, theta
        As of `project`.

    Returns
    -------
    xr.DataArray, dims (area, month), officers on strength, mean over draws, >= 0
    """
    full = _started(study, inputs, assessment, posture, theta, None)
    none = replace(full, helped=replace(full.helped, share=np.zeros(len(full.areas))))
    gained = np.zeros((len(full.areas), len(full.months)))
    for (block, most), (_, least) in zip(full.stocks(theta), none.stocks(theta), strict=True):
        with_, without = (host_provision(assessment, block, s) for s in (most, least))
        gained[block] = np.maximum(with_ - without, 0.0).mean(axis=-1)
    return cube(gained, units="officers on strength", area=full.areas, month=full.months)


@dataclass(frozen=True)
class _Started:
    """Host-State police at the origin and what is done for them."""

    areas: list[str]
    months: list[str]
    posts: Posts
    willing: Will
    helped: Support
    table: Lines

    def stocks(self, theta: Parameters) -> Iterator[tuple[IntArray, Stock]]:
        """Yield some areas at a time, with the path of their police."""
        months, institutions = len(self.months), len(self.posts.institutions)
        for block in _blocks(len(self.areas), institutions, months, theta.draws):
            yield block, stock(
                self.table, self.posts.within(block), self.willing.within(block),
                self.helped.within(block), months, theta,
            )  # fmt: skip


def _started(
    study: Study,
    inputs: Inputs,
    assessment: Assessment,
    posture: Posture,
    theta: Parameters,
    mentored: Mapping[str, float] | None,
) -> _Started:
    areas = inputs.areas["area"].astype(str).tolist()
    _check(areas, assessment, theta)
    months = assessment.need["month"].values.astype(str).tolist()
    people = assessment.population.broadcast_like(assessment.need.isel(month=0, function=0))
    everywhere = posts(study, inputs, people.transpose("area", "draw").values, theta)
    return _Started(
        areas, months, everywhere,
        will(study, inputs, everywhere.institutions, theta),
        support(posture, assessment.phases, areas, mentored),
        lines(study, inputs.host_police, theta),
    )  # fmt: skip


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


def _mentors(here: _Started, mentored: Mapping[str, float] | None) -> tuple[Note, ...]:
    """Return how far the mentors of a plan reach, where they were counted."""
    if mentored is None or not here.helped.given.any():
        return ()
    share = here.helped.share[here.helped.given]
    values = {"share": float(share.mean()), "few": int((share < 0.5).sum()), "all": len(share)}
    return (Note("rebuild.mentored", values),)


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
