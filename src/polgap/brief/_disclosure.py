"""Disclosure control: small cells are withheld, the others rounded so that no sum undoes it.

A cell below the least size `k` is withheld. Every other number is rounded to a multiple of
``b = k``, up or down, by a fraction ``u`` that belongs to the cell: a keyed hash of quantity and
labels, never of the run. So the same number of the same cell is printed the same in every
edition, month and run (there is nothing to average over), the mean over cells is unbiased, and
totals are rounded on their own, as cells of their own.

Why this cannot be undone by a sum. Who does not know `u` knows of a printed X only that the
number lies within (X - b, X + b). Let a total T hold m withheld cells (each in [0, k)) and n
printed ones, and let D = T - sum X. D is a multiple of b, and true values give
-(n + 1) b < D - sum s < (n + 1) b, hence -n b <= D <= (m + n) b. The sum bounds a withheld cell
from below by D - (n + 1) b - (m - 1) k <= 0 and from above by D + (n + 1) b >= k: neither
bites, for any m and n. Several sums at once are attacked by linear programs in the tests.

References
----------
OCHA, Data Responsibility Guidelines (2021): sensitivity and disclosure control, without a number.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from math import ceil, floor, isfinite
from typing import Any

_ENDS = ("low", "mid", "high", "q05", "q10", "q25", "q50", "q75", "q90", "q95")
_MIDDLE = ("mid", "q50")
_LABELS = ("area", "function", "month", "measure")
_ALIAS = {"requirement": "mission_requirement"}


@dataclass
class Rounding:
    """Rounds the cells of one edition and counts what it withholds.

    Parameters
    ----------
    key : bytes
        Secret that fixes which way each cell is rounded.
    least : float
        Least size of a cell, in its own units; 0 leaves every number as it is.
    thin : frozenset of str
        Areas whose numbers rest on too few events: all their intervals are withheld.

    Examples
    --------
    >>> r = Rounding(b"secret", 5)
    >>> r.value("need", {"area": "a"}, 3.0) is None, r.value("need", {"area": "a"}, 48.0)
    (True, 50.0)
    """

    key: bytes
    least: float
    thin: frozenset[str] = frozenset()
    withheld: int = field(default=0)

    def labels_of(self, block: Mapping[str, Any]) -> dict[str, str]:
        """Return the labels that tell a row from its neighbours."""
        return {k: str(block[k]) for k in _LABELS if isinstance(block.get(k), str)}

    def block(
        self,
        kept: dict[str, Any],
        cells: Mapping[str, str],
        whole: Mapping[str, Any],
        name: str,
        labels: Mapping[str, str],
    ) -> dict[str, Any]:
        """Return a block whose numbers listed in `cells` are rounded or withheld.

        Parameters
        ----------
        kept : dict
            What the edition may hold of the block.
        cells : Mapping
            Key -> quantity: ``=`` for the block's (or number's) own name, ``:key`` for what
            stands under that key, else the name itself.
        whole : Mapping
            The block before anything was taken out.
        name : str
            Name of the block.
        labels : Mapping
            Area, function, month and measure it stands under.
        """
        if not self.least:
            return kept
        ends = [k for k in cells if k in _ENDS]
        single = [k for k in cells if k not in _ENDS]
        small = bool(ends) and (labels.get("area") in self.thin or self._small(whole))
        self.withheld += int(small)
        for key in ends:
            quantity = self._quantity(cells[key], name, whole)
            kept[key] = None if small else self._rounded(quantity, labels, kept[key])
        for key in single:
            quantity = self._quantity(cells[key], key, whole)
            before = kept[key]
            kept[key] = self.value(quantity, labels, before)
            self.withheld += int(kept[key] is None and before is not None)
        return kept

    def value(self, quantity: str, labels: Mapping[str, str], number: Any) -> float | None:
        """Return a number rounded by the fraction of its cell; None below the least size."""
        known = _number(number)
        if known is None or known < self.least:
            return None
        return self._rounded(quantity, labels, known)

    def _small(self, whole: Mapping[str, Any]) -> bool:
        """Return whether an interval is withheld: its middle is too small or unknown."""
        middle = next((_number(whole[k]) for k in _MIDDLE if k in whole), None)
        return middle is None or middle < self.least

    def _rounded(self, quantity: str, labels: Mapping[str, str], number: Any) -> float | None:
        known = _number(number)
        if known is None:
            return None
        base = ceil(self.least)
        return float(base * floor(known / base + self._fraction(quantity, labels)))

    def _fraction(self, quantity: str, labels: Mapping[str, str]) -> float:
        """Return the fraction in [0, 1) of a cell, the same in every export of a project."""
        said = "\x1f".join([_ALIAS.get(quantity, quantity), *(labels.get(k, "") for k in _LABELS)])
        digest = hmac.new(self.key, said.encode(), "sha256").digest()
        return int.from_bytes(digest[:7], "big") / 2**56

    @staticmethod
    def _quantity(rule: str, own: str, whole: Mapping[str, Any]) -> str:
        if rule.startswith(":"):
            return str(whole.get(rule[1:]))
        return own if rule == "=" else rule


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not isfinite(value):
        return None
    return float(value)
