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
_RATIO = "police_ratio_"


def check_override(name: str, value: float | Sequence[float]) -> list[Note]:
    """Return what must be said about a parameter that a planner set.

    The figure 222 per 100,000 warns, also as one officer per 450 inhabitants: it is no standard.
    A police-per-population ratio is a cross-check band beside the sum of need; as an addend it
    would count every officer twice, so it is refused: 303 or 222, or any rate from the low end of
    the benchmark band on, typed as the need of one function.

    Parameters
    ----------
    name : str
        Name of the parameter.
    value : float or (low, mid, high)
        In the units of the parameter.

    Raises
    ------
    StudyError
        If a police ratio is set, or typed as the need of one function.

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
    if name.startswith(_RATIO) and abs(middle - MYTH) >= 0.5:
        raise StudyError(_refused(name, middle))
    ratio = _per_100k(name, middle)
    if ratio is None:
        return [Note("assess.norm_222", {"name": name})] if name.startswith(_RATIO) else []
    myth = abs(ratio - MYTH) < 1.0
    if name == "beat_ratio":
        if abs(ratio - catalogue.parameters()[BENCHMARK].mid) < 1.0:
            raise StudyError(_refused(name, middle))
    elif not name.startswith(_PROVISION) and ratio >= catalogue.parameters()[BENCHMARK].low:
        raise StudyError(_refused(name, middle))
    return [Note("assess.norm_222", {"name": name})] if myth else []


def _refused(name: str, middle: float) -> str:
    return (
        f"{name}: got {middle:g}; wanted the need of this function alone: the ratio of all "
        "police to inhabitants is a cross-check and never an addend"
    )


def _per_100k(name: str, middle: float) -> float | None:
    """Return the officers per 100,000 inhabitants that a parameter amounts to; None if none.

    A post held around the clock takes at least the low point of the relief factor.

    Examples
    --------
    >>> _per_100k("beat_ratio", 450.0), _per_100k("static_posts_per_100k", 50.0)
    (222.22222222222223, 210.0)
    >>> _per_100k("speed_road_kmh", 303.0) is None
    True
    """
    if name == "beat_ratio":
        return 1e5 / middle if middle > 0 else None
    known = catalogue.parameters().get(name)
    if known is None or "per 100000 inhabitants" not in known.units or name.startswith(_RATIO):
        return None
    if "posts" in known.units:
        return middle * catalogue.parameters()["relief_factor_24_7"].low
    return middle if "officers" in known.units else None


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
