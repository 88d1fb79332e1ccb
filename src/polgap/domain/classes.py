"""Unit classes: a unit type, less the functions that a caveat of its contributor bars.

The dim `unit_type` of a `Mission` holds unit types of the catalogue and, where pledges bar a
function, classes such as ``FPU less public_order``.
"""

from __future__ import annotations

from collections.abc import Iterable

MENTORING = "development"
"""The function in which mentors serve."""
_LESS = " less "


def unit_class(unit_type: str, barred: Iterable[str] = ()) -> str:
    """Return the label of a unit type less some functions; the type itself where none is barred.

    Examples
    --------
    >>> unit_class("FPU", ["static", "custody"]), unit_class("FPU")
    ('FPU less custody static', 'FPU')
    """
    names = sorted(set(barred))
    return f"{unit_type}{_LESS}{' '.join(names)}" if names else unit_type


def class_parts(label: str) -> tuple[str, frozenset[str]]:
    """Return unit type and barred functions of a label.

    Examples
    --------
    >>> unit_type, barred = class_parts("FPU less custody static")
    >>> unit_type, sorted(barred)
    ('FPU', ['custody', 'static'])
    """
    unit_type, _, names = label.partition(_LESS)
    return unit_type, frozenset(names.split())
