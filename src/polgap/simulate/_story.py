"""The storyline: one bad future told month by month, from its own numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from polgap.domain import Plan
from polgap.simulate._force import Force, Labels
from polgap.simulate._kernel import Path
from polgap.simulate._shocks import Shocks

Array = NDArray[np.floating[Any]]
BoolArray = NDArray[np.bool_]
Line = dict[str, Any]

WORST = (0.90, 0.95)
"""Ranks of unmet need between which the future told is chosen."""


@dataclass(frozen=True)
class Cast:
    """Everything one option's story is told from."""

    option: str
    path: Path
    force: Force
    plan: Plan
    shocks: Shocks
    failing: str | None


def choose(unmet: Array, hits: Array) -> tuple[int, float]:
    """Return the position of the future told and its rank, 0 to 1.

    Among the futures between the 90 and 95 % rank of unmet need, the one with the most shocks;
    of these the one nearest the middle.

    Examples
    --------
    >>> choose(np.arange(100.0), np.eye(100)[93])
    (93, 0.939...)
    """
    order = np.argsort(unmet, kind="stable")
    last = len(order) - 1
    low, high = (round(rank * last) for rank in WORST)
    middle = (low + high) / 2.0
    place = min(range(low, high + 1), key=lambda i: (-hits[order[i]], abs(i - middle)))
    return int(order[place]), place / last if last else 1.0


def tell(
    cast: Cast,
    labels: Labels,
    names: Mapping[str, str],
    near: BoolArray,
    population: Array,
    draw_labels: list[int],
) -> dict[str, Any]:
    """Return the storyline: option, draw and lines of month, code and values.

    Parameters
    ----------
    cast : Cast
    labels : Labels
    names : Mapping of area -> name
    near : array of bool, shape (area, area)
    population : array, shape (area, draw or 1), persons
    draw_labels : list of int
        Labels of the futures played.
    """
    unmet = cast.path.of["unmet_need"].sum(axis=(0, 1), dtype=float)
    hits = np.sum([shock.hit for shock in cast.shocks.of.values()], axis=0).astype(float)
    d, rank = choose(unmet, hits)
    called = [names.get(area, area) for area in labels.areas]
    scene = _Scene(cast, labels, called, near, population[:, min(d, population.shape[1] - 1)], d)
    lines = [
        {"month": labels.months[0], "code": "story.start", "values": {"percent": round(100 * rank)}}
    ]
    for t, month in enumerate(labels.months):
        for code, values in [*scene.shocks(t), *scene.incidents(t), scene.state(t)]:
            lines.append({"month": month, "code": code, "values": values})
    ending = {"officer_months": round(float(unmet[d])), **scene.ending()}
    lines.append({"month": labels.months[-1], "code": "story.end", "values": ending})
    return {"option": cast.option, "draw": draw_labels[d], "lines": lines}


Event = tuple[str, dict[str, Any]]


@dataclass(frozen=True)
class _Scene:
    """One future of one option."""

    cast: Cast
    labels: Labels
    names: list[str]
    near: BoolArray
    people: Array
    d: int

    def shocks(self, t: int) -> list[Event]:
        """Return what goes wrong in month `t`, and what ends."""
        found: list[Event] = []
        d, of = self.d, self.cast.shocks.of
        begins = {n: bool(s.hit[d]) and int(s.start[d]) == t for n, s in of.items()}
        ends = {n: bool(s.hit[d]) and int(s.start[d] + s.length[d]) == t for n, s in of.items()}
        sizes = {n: float(s.size[d]) for n, s in of.items()}
        if begins["violence_spike"]:
            centre = int(self.cast.shocks.centre[d])
            region = {
                "name": self.names[centre],
                "areas": int(self.near[centre].sum()),
                "factor": round(sizes["violence_spike"], 1),
                "months": int(of["violence_spike"].length[d]),
            }
            found.append(("story.violence_spike", region))
        if ends["violence_spike"]:
            found.append(("story.violence_spike_ends", {}))
        if of["pledge_fails"].hit[d]:
            found += self._missing_pledge(t)
        if begins["consent_withdrawn"]:
            left = {"percent": round(100 * sizes["consent_withdrawn"])}
            found.append(("story.consent_withdrawn", left))
        if ends["consent_withdrawn"]:
            found.append(("story.consent_restored", {}))
        if begins["budget_cut"]:
            kept = 1.0 - sizes["budget_cut"]
            home = float(self.cast.force.police[t, :, d].sum()) * (1.0 - kept) / kept
            cut = {"percent": round(100 * sizes["budget_cut"]), "officers": round(home)}
            found.append(("story.budget_cut", cut))
        if begins["attrition_crisis"]:
            loss = {"percent": round(100 * sizes["attrition_crisis"])}
            found.append(("story.attrition_crisis", loss))
        return found

    def _missing_pledge(self, t: int) -> list[Event]:
        """Return the line of the failed pledge in the month it was first due."""
        table = self.cast.plan.table
        due = table[table["pledge"] == self.cast.failing]
        if due.empty or str(due["month"].min()) != self.labels.months[t]:
            return []
        heads = dict(zip(self.labels.types, self.labels.heads.tolist(), strict=True))
        officers = due["number"].astype(float) * due["unit_type"].map(heads).fillna(0.0)
        most = officers.groupby(due["month"]).sum().max()
        unit = str(due["unit_type"].iloc[0])
        values = {"pledge": self.cast.failing, "unit_type": unit, "officers": round(float(most))}
        return [("story.pledge_fails", values)]

    def incidents(self, t: int) -> list[Event]:
        """Return misconduct that becomes known in month `t`, where most officers are."""
        hit = self.cast.path.of["misconduct"][t, :, self.d] > 0
        if not hit.any():
            return []
        heads = np.where(hit, self.cast.force.police[t, :, self.d], -1.0)
        name = self.names[int(np.argmax(heads))]
        if hit.sum() == 1:
            return [("story.misconduct", {"name": name})]
        return [("story.misconduct_several", {"name": name, "count": int(hit.sum())})]

    def state(self, t: int) -> Event:
        """Return the line of the month: the largest hole and the dead."""
        of, d = self.cast.path.of, self.d
        holes = of["unmet_need"][t, :, d]
        worst = int(np.argmax(holes))
        dead = {
            "deaths": round(float(of["all_deaths"][t, :, d].sum(dtype=float))),
            "civilians": round(float(of["civilian_deaths"][t, :, d].sum(dtype=float))),
        }
        if round(float(holes[worst])) < 1:
            return "story.month_without_hole", dead
        total = round(float(holes.sum(dtype=float)))
        hole = {"name": self.names[worst], "officers": round(float(holes[worst])), "total": total}
        return "story.month", {**hole, **dead}

    def ending(self) -> dict[str, Any]:
        """Return how the year ends."""
        of, d = self.cast.path.of, self.d
        trust = of["trust"][[0, -1], :, d] @ self.people / max(float(self.people.sum()), 1e-9)
        return {
            "deaths": round(float(of["all_deaths"][:, :, d].sum(dtype=float))),
            "host": round(float(of["host_effective"][-1, :, d].sum(dtype=float))),
            "trust_before": round(100 * float(trust[0])),
            "trust": round(100 * float(trust[1])),
        }
