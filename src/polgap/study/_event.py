"""Events: what may happen to a plan, as a pure change of what it was made from."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import xarray as xr

from polgap.domain import Futures, Inputs, Study
from polgap.errors import StudyError
from polgap.study._edits import add

WANTED = "'withdraw=PLEDGE', 'lose=AREA', 'budget=-20%', 'surge=AREA:6w:+200' or 'violence=AREA:x2'"
WEEKS = 52.0 / 12.0
"""Weeks in a month."""
SURGED = "public_order"
"""Function in which a surge of officers is asked for."""
GREATEST = 20.0
"""Multiple of violence, at most: nothing on record goes beyond."""


@dataclass(frozen=True)
class Event:
    """Something that happened.

    Parameters
    ----------
    kind : withdraw | lose | budget | surge | violence
    what : the pledge or the area; for a budget, the change as it was written
    amount : officers of a surge, or the multiple of violence
    months : months that a surge lasts
    """

    kind: str
    what: str
    amount: float = 0.0
    months: int = 0


def read_event(text: str, inputs: Inputs) -> Event:
    """Return the event that a text such as ``surge=AREA:6w:+200`` tells.

    Raises
    ------
    StudyError
        If it is none of the five, or names what is not there.
    """
    kind, sign, rest = (part.strip() for part in text.partition("="))
    if not sign or kind not in ("withdraw", "lose", "budget", "surge", "violence"):
        raise StudyError(f"--replan: got {text!r}; wanted {WANTED}")
    areas = inputs.areas["area"].astype(str).tolist()
    if kind == "withdraw":
        return Event(kind, _one_of(text, rest, inputs.pledges["pledge"].tolist(), "a pledge"))
    if kind == "lose":
        return Event(kind, _one_of(text, rest, areas, "an area"))
    if kind == "budget":
        add(inputs, f"budget={rest}")
        return Event(kind, rest)
    area, _, more = rest.partition(":")
    area = _one_of(text, area, areas, "an area")
    if kind == "violence":
        found = re.fullmatch(r"x(\d+(?:\.\d+)?)", more)
        if found is None or float(found[1]) > GREATEST:
            raise StudyError(f"--replan: got {text!r}; wanted violence=AREA:x2, at most x20")
        return Event(kind, area, float(found[1]))
    found = re.fullmatch(r"(\d+)w:\+(\d+(?:\.\d+)?)", more)
    if found is None or not int(found[1]):
        raise StudyError(f"--replan: got {text!r}; wanted surge=AREA:6w:+200 (weeks, officers)")
    return Event(kind, area, float(found[2]), int(np.ceil(int(found[1]) / WEEKS)))


def _one_of(text: str, name: str, known: Sequence[str], what: str) -> str:
    names = [str(k) for k in known]
    if name in names:
        return name
    some = ", ".join(names[:12]) + (" ..." if len(names) > 12 else "")
    raise StudyError(f"--replan: got {text!r}; wanted {what} of the project: {some or 'none'}")


def after(event: Event, inputs: Inputs) -> Inputs:
    """Return pledges and rules as they are after the event."""
    if event.kind == "withdraw":
        left = inputs.pledges[inputs.pledges["pledge"] != event.what].reset_index(drop=True)
        return replace(inputs, pledges=left)
    return add(inputs, f"budget={event.what}") if event.kind == "budget" else inputs


def closed(event: Event) -> tuple[str, ...]:
    """Return the areas in which nobody may be based any more."""
    return (event.what,) if event.kind == "lose" else ()


def more_violence(event: Event, futures: Futures) -> Futures:
    """Return futures whose deaths and events in the area are multiplied, rounded to whole ones."""
    if event.kind != "violence":
        return futures
    found = futures.copy(deep=True)
    here = found["area"].values == event.what
    for name in found.data_vars:
        at = found[name].transpose("area", "month", "draw")
        values = at.values.copy()
        values[here] = np.rint(values[here] * event.amount).astype(values.dtype)
        found[name] = at.copy(data=values)
    return Futures(found)


def surged(event: Event, study: Study, asked: xr.DataArray) -> xr.DataArray:
    """Return officers asked for with a surge for public order added from the first month on.

    Parameters
    ----------
    asked : dims (area, month, function, draw)
        The requirement, or the national shortfall that it is taken from: nobody else has them.
    """
    if event.kind != "surge":
        return asked
    months = study.report_months[: event.months]
    more = xr.zeros_like(asked)
    where = {"area": event.what, "month": months, "function": SURGED}
    more.loc[where] = event.amount
    return asked + more
