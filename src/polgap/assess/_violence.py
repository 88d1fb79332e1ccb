"""From violence and assemblies to incidents that police must be ready for at once."""

from __future__ import annotations

import numpy as np
import xarray as xr

from polgap import catalogue
from polgap.assess._convert import OnDuty, OnStrength, on_strength
from polgap.assess._incidents import HOURS_PER_MONTH, clusters, held
from polgap.assess._need import incident_crew
from polgap.assess._posts import Place
from polgap.domain import Note, Panel
from polgap.domain.cubes import BoolArray, FloatArray, IntArray
from polgap.draws import stream

WINDOW = 24
"""Months of observed assemblies that future months are drawn from."""
ENOUGH = 6
"""Observed months below which assemblies count as not observed."""


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
    theta = place.theta
    busy = theta["incidents_per_ged_event"] * theta["incident_duration_hours"] / HOURS_PER_MONTH
    incidents, ratio = held(events, group, busy)
    crew = incident_crew(theta["officers_per_incident"], theta["subunit_strength"])
    return _officers(incidents, crew, place.relief), ratio


def public_order(
    place: Place, panel: Panel, group: IntArray
) -> tuple[OnStrength, tuple[Note, ...]]:
    """Return officers for assemblies and riots, shape (area, month or 1, draw).

    Peaceful assembly asks for facilitation; it never counts as violence. Where the panel has
    protests or riots, a future month is an observed month drawn whole for all areas; elsewhere the
    rate per million inhabitants applies, which is wider, and the notes say so.
    """
    theta = place.theta
    counts, seen = observed_assemblies(place, panel)
    rate: FloatArray = counts
    notes: tuple[Note, ...] = ()
    if not seen.all():
        usual = place.population[:, None] * theta["protests_per_million_month"] / 1e6
        rate = np.where(seen[:, None, None], counts, usual) if seen.any() else usual
        missing = int((~seen).sum())
        notes = (Note("assess.protests_not_observed", {"areas": missing, "all": len(seen)}),)
    incidents, _ = held(rate, group, theta["protest_duration_hours"] / HOURS_PER_MONTH)
    crew = incident_crew(theta["officers_per_protest"], theta["subunit_strength"])
    return _officers(incidents, crew, place.relief), notes


def observed_assemblies(place: Place, panel: Panel) -> tuple[FloatArray, BoolArray]:
    """Return protests and riots of future months drawn from observed ones, and where seen.

    Returns
    -------
    counts : array, shape (area, month or 1, draw)
    seen : array, shape (area,)
        Areas with at least `ENOUGH` observed months in the last `WINDOW`.
    """
    found = [panel[name] for name in ("protests", "riots") if name in panel]
    nothing = np.zeros((len(place.areas), 1, 1)), np.zeros(len(place.areas), dtype=np.bool_)
    if not found:
        return nothing
    past = xr.concat(found, "what").sum("what", min_count=1).transpose("area", "month").values
    past = past[:, -WINDOW:]
    known = ~np.isnan(past)
    seen = known.sum(axis=1) >= ENOUGH
    if not seen.any():
        return nothing
    total = np.where(known, past, 0.0).sum(axis=1)
    mean = total / np.maximum(known.sum(axis=1), 1)
    filled = np.where(known, past, mean[:, None])
    shape = (len(place.months), place.theta.draws)
    month = stream(place.theta.seed, "assemblies").integers(past.shape[1], size=shape)
    return np.where(seen[:, None, None], filled[:, month], 0.0), np.asarray(seen)


def _officers(incidents: FloatArray, crew: OnDuty, relief: FloatArray) -> OnStrength:
    """Return officers for incidents, as narrow as these: the array is as large as the theatre."""
    each = on_strength(crew, relief)
    return OnStrength(incidents * each.astype(incidents.dtype))
