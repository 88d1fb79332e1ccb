"""From violence and assemblies to incidents that police must be ready for at once."""

from __future__ import annotations

import numpy as np
import pandas as pd
import xarray as xr

from polgap import catalogue
from polgap.assess._books import ENOUGH, WINDOW, grid, mean_seen
from polgap.assess._convert import OnDuty, OnStrength, on_strength
from polgap.assess._dated import return_disputes
from polgap.assess._incidents import HOURS_PER_MONTH, clusters, held
from polgap.assess._need import incident_crew
from polgap.assess._posts import Place
from polgap.domain import Note, Panel, add_months
from polgap.domain.cubes import BoolArray, FloatArray, IntArray
from polgap.draws import stream


def reach_groups(hours: FloatArray) -> IntArray:
    """Return clusters of areas that one formed unit can serve, shape (area,).

    The reach is that of the formed unit types of the catalogue, the shortest of them.
    """
    types = catalogue.table("unit_types")
    reach = float(types.loc[types["subunits"] > 0, "reach_hours"].min())
    return clusters(hours, reach)


def protection(place: Place, events: FloatArray, group: IntArray) -> tuple[OnStrength, float]:
    """Return officers for protection without predation, shape (area, month, draw).

    Lethal events are a small part of what calls police out; `incidents_per_ged_event` says how
    small, and is wide on purpose.

    Parameters
    ----------
    events : array, shape (area, month, draw), lethal events of the draw's own month
    group : array of int, shape (area,)

    Returns
    -------
    officers : OnStrength
    ratio : float
        Sum of peaks over pooled peaks.
    """
    incidents, ratio = held(incidents_at_once(place, events, slice(0, len(events))), group)
    return _officers(incidents, protection_crew(place), place.relief), ratio


def incidents_at_once(place: Place, events: FloatArray, block: slice) -> FloatArray:
    """Return the mean number of incidents going on at once, shape (area, month, draw).

    Parameters
    ----------
    events : array, shape (area of the block, month, draw), lethal events of the draw's own month
    block : slice
    """
    theta = place.theta
    busy = theta["incidents_per_ged_event"] * theta["incident_duration_hours"] / HOURS_PER_MONTH
    at_once = np.asarray(events * busy)
    disputes = return_disputes(place, block)
    return np.asarray(at_once + disputes) if np.any(disputes) else at_once


def protection_crew(place: Place) -> OnDuty:
    """Return officers on duty that one incident takes, shape (draw,)."""
    return incident_crew(place.theta["officers_per_incident"], place.theta["subunit_strength"])


def assembly_crew(place: Place) -> OnDuty:
    """Return officers on duty that one assembly takes, shape (draw,)."""
    return incident_crew(place.theta["officers_per_protest"], place.theta["subunit_strength"])


def public_order(
    place: Place, panel: Panel, group: IntArray, own: pd.DataFrame | None = None
) -> tuple[OnStrength, tuple[Note, ...]]:
    """Return officers for assemblies and riots, shape (area, month or 1, draw).

    Peaceful assembly asks for facilitation; it never counts as violence. Where the panel or the
    planner's own table has protests or riots, a future month is an observed month drawn whole for
    all areas; elsewhere the rate per million inhabitants applies, which is wider, and the notes
    say so.

    Parameters
    ----------
    own : table ``protests``, optional
        It wins over the panel in the areas and months of which it speaks.
    """
    mean, seen = assemblies_at_once(place, panel, own)
    notes: tuple[Note, ...] = ()
    if not seen.all():
        missing = int((~seen).sum())
        notes = (Note("assess.protests_not_observed", {"areas": missing, "all": len(seen)}),)
    notes += _kinds(place, panel, own)
    incidents, _ = held(mean, group)
    return _officers(incidents, assembly_crew(place), place.relief), notes


def assemblies_at_once(
    place: Place, panel: Panel, own: pd.DataFrame | None = None
) -> tuple[FloatArray, BoolArray]:
    """Return the mean number of assemblies going on at once, and where they were observed.

    Returns
    -------
    mean : array, shape (area, month or 1, draw)
    seen : array, shape (area,)
    """
    theta = place.theta
    counts, seen = observed_assemblies(place, panel, own)
    rate: FloatArray = counts
    if not seen.all():
        usual = place.population[:, None] * theta["protests_per_million_month"] / 1e6
        rate = np.where(seen[:, None, None], counts, np.maximum(counts, usual))
    return np.asarray(rate * theta["protest_duration_hours"] / HOURS_PER_MONTH), seen


def observed_assemblies(
    place: Place, panel: Panel, own: pd.DataFrame | None = None
) -> tuple[FloatArray, BoolArray]:
    """Return protests and riots of future months drawn from observed ones, and where seen.

    Returns
    -------
    counts : array, shape (area, month or 1, draw)
    seen : array, shape (area,)
        Areas with at least `ENOUGH` observed months in the last `WINDOW`. A month that was not
        observed takes the mean of those that were: silence is not zero.
    """
    past = _past(place, panel, own)
    known = ~np.isnan(past)
    seen = known.sum(axis=1) >= ENOUGH
    if not known.any():
        return np.zeros((len(place.areas), 1, 1)), seen
    mean = np.nan_to_num(mean_seen(past)[0])
    filled = np.where(known, past, mean[:, None])
    shape = (len(place.months), place.theta.of_all)
    month = stream(place.theta.seed_of("assemblies"), "assemblies").integers(
        past.shape[1], size=shape
    )
    return np.asarray(filled[:, place.theta.among_all(month)]), seen


def _kinds(place: Place, panel: Panel, own: pd.DataFrame | None) -> tuple[Note, ...]:
    """Return a note on how many of the observed assemblies were peaceful, where both are known."""
    whole = _past(place, panel, own)
    calm, violent = (
        _past(place, panel, own, (kind,), column)
        for kind, column in (("protests", "assemblies"), ("riots", "violent"))
    )
    months = min(x.shape[1] for x in (whole, calm, violent))
    whole, calm, violent = (x[:, -months:] for x in (whole, calm, violent))
    known = ~np.isnan(calm) & ~np.isnan(violent)
    seen = float(whole[known].sum())
    if seen <= 0:
        return ()
    riots = float(np.minimum(violent, whole)[known].sum())
    return (Note("assess.assembly_kinds", {"peaceful": 100.0 * (1.0 - riots / seen)}),)


def _past(
    place: Place,
    panel: Panel,
    own: pd.DataFrame | None,
    kinds: tuple[str, ...] = ("protests", "riots"),
    column: str = "assemblies",
) -> FloatArray:
    """Return assemblies of the last observed months, shape (area, month), NaN = not observed.

    By default all of them; `kinds` of the panel and `column` of the planner's table may be others.
    """
    found = [panel[name] for name in kinds if name in panel]
    past: FloatArray = np.full((len(place.areas), WINDOW), np.nan)
    if found:
        past = xr.concat(found, "what").sum("what", min_count=1).transpose("area", "month").values
        past = past[:, -WINDOW:]
    if own is None or own.empty:
        return past
    told = grid(own, own[column], place.areas["area"].tolist(), add_months(place.months[0], -1))
    lead = np.full((len(past), max(0, WINDOW - past.shape[1])), np.nan)
    whole = np.concatenate([lead, past], axis=1)
    return np.where(np.isnan(told), whole, told)


def _officers(incidents: FloatArray, crew: OnDuty, relief: FloatArray) -> OnStrength:
    """Return officers for incidents, as narrow as these: the array is as large as the theatre."""
    each = on_strength(crew, relief)
    return OnStrength(incidents * each.astype(incidents.dtype))
