"""Cubes: labelled arrays whose dims always stand in the order area, month, function, draw.

Labels never vanish in silence: xarray's own arithmetic would keep only the common labels, so it
is set to refuse, and each door calls `require_same` (which also refuses another order).
`draw` is last, and one draw is one joint future of all areas and months.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NewType

import numpy as np
import xarray as xr
from numpy.typing import ArrayLike, NDArray

from polgap.errors import LabelError, Problem

xr.set_options(arithmetic_join="exact")  # type: ignore[no-untyped-call]

DIMS = ("area", "month", "function", "draw")

FloatArray = NDArray[np.floating[Any]]
IntArray = NDArray[np.integer[Any]]
BoolArray = NDArray[np.bool_]

Panel = NewType("Panel", xr.Dataset)
"""(area, month): state_based, non_state, one_sided deaths and events; NaN = not observed.

A variable with the attribute ``publication_lag`` (months) is a covariate: learnt from, never
forecast, and known only that many months later."""
Futures = NewType("Futures", xr.Dataset)
"""(area, month, draw): integer state_based, non_state, one_sided deaths and events."""
Need = NewType("Need", xr.DataArray)
"""(area, month, function, draw), officers on strength that policing the place takes."""
Provision = NewType("Provision", xr.DataArray)
"""(area, month, function, draw), officers on strength effectively given."""
Gap = NewType("Gap", xr.DataArray)
"""(area, month, function, draw), signed margin need - provision, officers on strength."""
Requirement = NewType("Requirement", xr.DataArray)
"""(area, month, function, draw), officers on strength asked of the mission (R)."""
Mission = NewType("Mission", xr.DataArray)
"""(unit_type, area, month, draw), effective mission officers on strength where they serve."""
Arrival = NewType("Arrival", xr.DataArray)
"""(pledge, draw), months from the origin to effect, >= 0; inf = never."""
Outcome = NewType("Outcome", xr.Dataset)
"""(option, area, month, draw), one variable per measure."""

KINDS = ("state_based", "non_state", "one_sided")
"""Kinds of lethal organised violence, each a variable of Panel and Futures (deaths)."""


def cube(values: ArrayLike, *, units: str, **labels: Sequence[Any]) -> xr.DataArray:
    """Return a labelled array with dims in the order of `labels` and a `units` attribute.

    Parameters
    ----------
    values : array_like, one axis per entry of `labels`
    units : str
        Units of the values, such as ``"officers"``.
    **labels : sequence
        Coordinates by dim; those named in `DIMS` must come in that order.

    Raises
    ------
    LabelError
        If dims are out of order or a length does not fit.

    Examples
    --------
    >>> c = cube([[1.0, 2.0]], units="officers", area=["north"], draw=[0, 1])
    >>> c.dims, c.attrs["units"]
    (('area', 'draw'), 'officers')
    """
    known = [dim for dim in labels if dim in DIMS]
    if known != [dim for dim in DIMS if dim in labels]:
        raise LabelError([Problem(f"dims {known}", f"the order {DIMS}", "dim_order")])
    array = np.asarray(values)
    shape = tuple(len(v) for v in labels.values())
    if array.shape != shape:
        raise LabelError([Problem(f"shape {array.shape}", f"{shape} from the labels", "shape")])
    coords = {dim: np.asarray(v) for dim, v in labels.items()}
    return xr.DataArray(array, coords=coords, dims=list(labels), attrs={"units": units})


def require_same(
    left: xr.DataArray | xr.Dataset, right: xr.DataArray | xr.Dataset, *dims: str
) -> None:
    """Refuse two cubes whose labels differ, in content or in order, along `dims`.

    Raises
    ------
    LabelError
        Naming, for each dim, what only one side has, or that the order differs.

    Examples
    --------
    >>> a = cube([1.0], units="officers", area=["north"])
    >>> b = cube([1.0], units="officers", area=["south"])
    >>> require_same(a, b, "area")
    Traceback (most recent call last):
        ...
    polgap.errors.LabelError: column area: got only left has ['north'], only right has ...
    """
    problems = []
    for dim in dims:
        ours, theirs = left[dim].values.tolist(), right[dim].values.tolist()
        if ours == theirs:
            continue
        only_left = [x for x in ours if x not in set(theirs)][:5]
        only_right = [x for x in theirs if x not in set(ours)][:5]
        got = (
            f"only left has {only_left}, only right has {only_right}"
            if only_left or only_right
            else "the same labels in another order"
        )
        problems.append(
            Problem(got, "the same labels in the same order", "labels_differ", column=dim)
        )
    if problems:
        raise LabelError(problems)


def is_covariate(variable: xr.DataArray) -> bool:
    """Return whether a variable of a panel is learnt from but never forecast."""
    return "publication_lag" in variable.attrs


def publication_lag(variable: xr.DataArray) -> int:
    """Return after how many months the figure of a month is known; 0 for a count."""
    return int(variable.attrs.get("publication_lag", 0))
