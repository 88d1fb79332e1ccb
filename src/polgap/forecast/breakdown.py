"""Breakdown: where a forecast beats the baseline, where it does not, and its worst misses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from polgap.forecast import challenge

Array = NDArray[np.float64]
Cells = Mapping[str, Array]

LEVELS = (0.0, 0.5, 5.0, 25.0, 100.0, 1000.0, np.inf)
"""Edges of the mean of the baseline, the area's own last twelve months, deaths a month."""
MISSES, DOUBTS = 10, 15
"""Worst cells and least trustworthy areas that are named."""
FEWEST = 6
"""Months with any error of the baseline before an area is judged by itself."""
HISTOGRAM = 10


def breakdown(
    own: Cells,
    base: Cells,
    *,
    years: Sequence[int],
    regions: Sequence[str],
    first: int,
    seed: int = 1,
) -> list[dict[str, Any]]:
    """Return the ratio to the baseline by year, region, horizon and past level.

    Parameters
    ----------
    own, base : mapping of score to array, shape (country, month)
        From `challenge.score_cells`, the twelve months of every window side by side.
    years : sequence of int
        The windows, in order.
    regions : sequence of str, one a country
    first : int
        Horizon of a window's first month.

    Returns
    -------
    list of dict
        by, value, n (cells), ratio_crps with ``_low``, ``_high`` (90 %, whole countries
        resampled) and ``_months_low``, ``_months_high`` (blocks of six months), ratio_ign,
        ratio_mis, ratio_crps_without_top10 (without the ten hardest cells of the baseline in all)
        with its interval. Null where the baseline made no error.
    """
    countries, months = own["crps"].shape
    keep = np.ones(own["crps"].size)
    keep[np.argsort(-base["crps"].ravel(), kind="stable")[: challenge.HARDEST]] = 0.0
    easy = keep.reshape(countries, months)
    chosen = challenge.countries_resampled(countries, seed, "pooled")
    blocks = challenge.month_blocks(months, seed, "pooled")
    rows = []
    for by, value, here in _parts(base, years, regions, first):
        row: dict[str, Any] = {"by": by, "value": value, "n": int(here.sum())}
        row |= challenge.ratio("ratio_crps", own["crps"] * here, base["crps"] * here, chosen)
        part = challenge.ratio("m", (own["crps"] * here).T, (base["crps"] * here).T, blocks)
        row |= {"ratio_crps_months_low": part["m_low"], "ratio_crps_months_high": part["m_high"]}
        rest = here * easy
        row |= challenge.ratio(
            "ratio_crps_without_top10", own["crps"] * rest, base["crps"] * rest, chosen
        )
        for name in ("ign", "mis"):
            below = float((base[name] * here).sum())
            row[f"ratio_{name}"] = float((own[name] * here).sum()) / below if below > 0 else None
        rows.append(row)
    return rows


def _parts(
    base: Cells, years: Sequence[int], regions: Sequence[str], first: int
) -> list[tuple[str, str, Array]]:
    """Return what cells are told apart by: (by, value, 1 in the cells meant)."""
    shape = base["crps"].shape
    month = np.broadcast_to(np.arange(shape[1]), shape)
    found = [("year", str(y), (month // 12 == i) * 1.0) for i, y in enumerate(years)]
    place = np.array(regions)
    for region in sorted(set(regions)):
        found.append(("region", region, np.repeat((place == region)[:, None], shape[1], 1) * 1.0))
    for step in range(12):
        found.append(("horizon", str(first + step), (month % 12 == step) * 1.0))
    for low, high in pairwise(LEVELS):
        here = (base["mean"] >= low) & (base["mean"] < high)
        if here.any():
            name = f"{low:g}+" if np.isinf(high) else f"{low:g}-{high:g}"
            found.append(("level", name, here * 1.0))
    return found


def ranks(own: Cells) -> list[dict[str, Any]]:
    """Return histograms of the randomised ranks (PIT), of all cells and of those below 1 death.

    A forecast that comes true as often as it says has a tenth of them in each tenth.
    """
    rows = []
    for cells, here in (
        ("all", np.ones_like(own["mean"], dtype=bool)),
        ("below_1", own["mean"] < 1.0),
        ("from_1", own["mean"] >= 1.0),
    ):
        count = int(here.sum())
        if count:
            tenths, _ = np.histogram(own["pit"][here], bins=HISTOGRAM, range=(0.0, 1.0))
            rows.append({"cells": cells, "n": count, "share": (tenths / count).tolist()})
    return rows


def misses(
    own: Cells, base: Cells, *, names: Sequence[str], months: Sequence[str]
) -> list[dict[str, Any]]:
    """Return the worst cells of the model: what was said, what came, and the baseline's error."""
    order = np.argsort(-own["crps"].ravel(), kind="stable")[:MISSES]
    share = own["crps"].sum()
    rows = []
    for country, month in zip(*np.unravel_index(order, own["crps"].shape), strict=True):
        cell = {k: float(own[k][country, month]) for k in ("actual", "low", "high", "mean", "crps")}
        rows.append({
            "country": names[country],
            "month": months[month],
            **cell,
            "crps_baseline": float(base["crps"][country, month]),
            "share_of_error": float(own["crps"][country, month] / share) if share > 0 else None,
        })  # fmt: skip
    return rows


def doubts(own: Cells, base: Cells, *, names: Sequence[str], seed: int = 1) -> list[dict[str, Any]]:
    """Return the countries where the baseline was better, by how much error that made.

    Countries with hardly an error to compare are not judged. The interval (90 %) comes from
    blocks of six months.
    """
    blocks = challenge.month_blocks(own["crps"].shape[1], seed, "pooled")
    rows = []
    for i, name in enumerate(names):
        mine, theirs = own["crps"][i], base["crps"][i]
        excess = float(mine.sum() - theirs.sum())
        if excess <= 0 or int((theirs > 0).sum()) < FEWEST:
            continue
        row = challenge.ratio("ratio_crps", mine[:, None], theirs[:, None], blocks)
        rows.append({"country": name, "n": len(mine), "excess_crps": excess, **row})
    rows.sort(key=lambda row: -float(row["excess_crps"]))
    return rows[:DOUBTS]
