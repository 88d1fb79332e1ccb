"""A plan beside what it was made from, as plain rows, for `verify`: no program, no solver."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from polgap import catalogue
from polgap.domain import Inputs, Plan, Study

Row = Mapping[str, Any]


def records(frame: Any) -> list[Row]:
    """Return the rows of a table as mappings."""
    rows: list[Row] = frame.to_dict("records")
    return rows


@dataclass(frozen=True)
class Case:
    """A plan beside what it was made from, as plain rows."""

    plan: Plan
    study: Study
    inputs: Inputs
    phases: Mapping[str, str]
    hours: Mapping[tuple[str, str], float] | None = None

    @cached_property
    def rows(self) -> list[Row]:
        return records(self.plan.table)

    @cached_property
    def pledges(self) -> dict[str, Row]:
        return {str(p["pledge"]): p for p in records(self.inputs.pledges)}

    @cached_property
    def types(self) -> dict[str, Row]:
        return {str(t["unit_type"]): t for t in records(catalogue.table("unit_types"))}

    @cached_property
    def areas(self) -> list[str]:
        return [str(a) for a in self.inputs.areas["area"]]

    @cached_property
    def months(self) -> list[str]:
        return self.study.report_months

    @cached_property
    def words(self) -> set[str]:
        """Caveats of the catalogue; those that end in a colon are followed by an area."""
        return {str(row["caveat"]) for row in records(catalogue.table("caveats"))}

    @cached_property
    def capital(self) -> str:
        if self.study.capital in self.areas:
            return self.study.capital
        towns = [t for t in records(self.inputs.towns) if t["area"] in self.areas]
        return str(max(towns, key=lambda t: t["population"])["area"]) if towns else self.areas[0]

    @cached_property
    def known(self) -> list[Row]:
        """Rows whose labels are known; the others are reported once, by `_labels`."""
        return [
            r
            for r in self.rows
            if r["pledge"] in self.pledges
            and r["area"] in self.areas
            and r["month"] in self.months
            and r["unit_type"] == self.pledges[r["pledge"]]["unit_type"]
            and r["unit_type"] in self.types
        ]

    def caveats(self, pledge: str) -> list[str]:
        return str(self.pledges[pledge]["caveats"] or "").split()

    def home(self, pledge: str) -> str:
        """Return where a present unit stood before the plan ("" for one still to come)."""
        row = self.pledges[pledge]
        if row["readiness"] != "in_mission":
            return ""
        return str(row["area"]) if row["area"] in self.areas else self.capital

    def at_home(self, row: Row) -> bool:
        """Whether a unit stands where it stood before the plan: a fact, not a placement."""
        return bool(self.home(row["pledge"]) == row["area"])

    def officers(self, row: Row) -> float:
        return float(row["number"]) * float(self.types[row["unit_type"]]["strength"])

    def women(self, pledge: str) -> float:
        """Return the share of women; a pledge that does not say counts as none."""
        share = self.pledges[pledge]["women"]
        return float(share) if share == share and share is not None else 0.0

    @cached_property
    def at_the_start(self) -> float:
        """Officers present at the start, or all that are pledged where there are none."""
        rows = list(self.pledges.values())
        present = [r for r in rows if r["readiness"] == "in_mission"]
        return sum(self.officers(r) for r in present) or sum(self.officers(r) for r in rows)

    def formed(self, row: Row) -> bool:
        return int(self.types[row["unit_type"]]["subunits"]) > 0

    def rules(self, name: str) -> Iterator[tuple[Row, list[str], str]]:
        """Give each rule of a name with the areas it counts in and its label."""
        for rule in records(self.inputs.rules):
            if rule["rule"] == name and rule["value"] == rule["value"]:
                where = str(rule["area"] or "")
                inside = self.areas if where in ("", "*") else [where]
                yield rule, inside, f"{name} {where}".strip()

    def covered(self, rule: Row) -> list[str]:
        """Return the months of the plan in which a rule holds."""
        first, last = str(rule["from"] or ""), str(rule["until"] or "")
        return [m for m in self.months if first <= m and (not last or m <= last)]
