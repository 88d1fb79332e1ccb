"""What a planner types instead of a catalogue value: warn about a myth, refuse a double count."""

from __future__ import annotations

from collections.abc import Sequence

from polgap import catalogue
from polgap.domain import Note
from polgap.errors import StudyError

MYTH = 222.0
"""Police per 100,000 inhabitants, often quoted as a United Nations standard. There is none."""
BENCHMARK = "police_ratio_benchmark"

_PROVISION = ("host_",)


def check_override(name: str, value: float | Sequence[float]) -> list[Note]:
    """Return what must be said about a parameter that a planner set.

    The figure 222 per 100,000 warns, also as one officer per 450 inhabitants: it is no standard.
    A police-per-population ratio is a cross-check band beside the sum of need; as an addend it
    would count every officer twice, so it is refused.

    Parameters
    ----------
    name : str
        Name of the parameter.
    value : float or (low, mid, high)
        In the units of the parameter.

    Raises
    ------
    StudyError
        If a police ratio is set, or its middle value is typed as the need of one function.

    Examples
    --------
    >>> [note.code for note in check_override("host_roll_per_100k", 222.0)]
    ['assess.norm_222']
    >>> check_override("beat_ratio", 800.0)
    []
    >>> check_override("custody_officers_per_100k", 303.0)
    Traceback (most recent call last):
    polgap.errors.StudyError: custody_officers_per_100k: got 303; wanted the need of this function \
alone: the ratio of all police to inhabitants is a cross-check and never an addend
    """
    points = [float(v) for v in value] if isinstance(value, Sequence) else [float(value)]
    middle = points[len(points) // 2]
    known = catalogue.parameters().get(name)
    per_100k = known is not None and _counts_officers(known.units)
    if _is_myth(name, middle, per_100k):
        return [Note("assess.norm_222", {"name": name})]
    ratio = catalogue.parameters()[BENCHMARK].mid
    adds = per_100k and not name.startswith(_PROVISION) and abs(middle - ratio) < 1.0
    if name.startswith("police_ratio_") or adds:
        raise StudyError(
            f"{name}: got {middle:g}; wanted the need of this function alone: the ratio of all "
            "police to inhabitants is a cross-check and never an addend"
        )
    return []


def _counts_officers(units: str) -> bool:
    return "per 100000 inhabitants" in units and ("officers" in units or "posts" in units)


def _is_myth(name: str, middle: float, per_100k: bool) -> bool:
    if name == "beat_ratio":
        return abs(1e5 / middle - MYTH) < 1.0 if middle > 0 else False
    return per_100k and abs(middle - MYTH) < 0.5


def benchmark_band(population: float) -> tuple[float, float, float]:
    """Return officers, all police, by the benchmark: a band beside the sum, never in it.

    Examples
    --------
    >>> benchmark_band(1e6)
    (1200.0, 3030.0, 5450.0)
    """
    ratio = catalogue.parameters()[BENCHMARK]
    low, mid, high = (point * population / 1e5 for point in (ratio.low, ratio.mid, ratio.high))
    return low, mid, high
