"""What the kernel starts from: labelled cubes become plain arrays, once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from polgap import draws
from polgap.catalogue import table
from polgap.domain import KINDS, Assessment, Deployed, Futures, Study, class_parts
from polgap.errors import StudyError
from polgap.simulate._assign import routes
from polgap.simulate._force import Labels
from polgap.simulate._kernel import World, within_reach
from polgap.simulate._shocks import Shocks

Array = NDArray[np.floating[Any]]
BoolArray = NDArray[np.bool_]
IntArray = NDArray[np.int64]

REACH_HOURS = 4.0
"""Travel time within which police count as near an area (planning.md 2, formed unit)."""

HABITS = (
    "violence_self_excitation",
    "violence_spill_over",
    "need_violence_elasticity",
    "violence_half_harm",
    "host_violence_loss_month",
    "mentoring_gain_month",
    "mentoring_ceiling",
    "trust_start",
    "trust_gain_month",
    "trust_loss_violence_month",
    "trust_loss_misconduct",
    "trust_loss_withdrawal",
    "misconduct_rate_year",
)
"""Parameters of the kernel, all of them general knowledge with wide ranges."""


class Cubes:
    """The inputs as arrays over the reported months and the futures kept."""

    def __init__(
        self,
        study: Study,
        futures: Futures,
        assessment: Assessment,
        deployed: Mapping[str, Deployed],
        hours: xr.DataArray,
        kept: IntArray,
    ) -> None:
        catalogue = table("unit_types")
        labels = {k for d in deployed.values() for k in d.mission["unit_type"].values.tolist()}
        found = {class_parts(label)[0] for label in labels}
        known = catalogue["unit_type"].tolist()
        if found - set(known):
            raise StudyError(f"unit types not in the catalogue: {sorted(found - set(known))}")
        types = [k for k in known if k in found]
        heads = catalogue.set_index("unit_type").loc[types, "strength"].to_numpy(dtype=float)
        self.labels = Labels(types, futures["area"].values.tolist(), study.report_months, heads)
        self.seed, self.kept = study.seed, kept
        self._months, self._draws = study.report_months, futures.sizes["draw"]
        self._futures, self.assessment = futures, assessment
        self._deployed, self._hours = deployed, hours

    def draw_labels(self) -> list[int]:
        """Return the labels of the futures kept."""
        return [int(d) for d in self._futures["draw"].values[self.kept]]

    def near(self) -> BoolArray:
        """Return whether one area is within reach of another; an unknown way is none."""
        return np.asarray(self._hours.transpose("area", "serves").values <= REACH_HOURS)

    def deaths(self, *kinds: str) -> Array:
        """Return deaths of these kinds, shape (month, area, draw)."""
        return np.asarray(
            np.sum([self._cut(self._futures[k], "month", "area") for k in kinds], axis=0), float
        )

    def spike_weight(self) -> Array:
        """Return how likely each area is the centre of a spike: expected deaths a month.

        The tenth of a death keeps quiet areas possible.
        """
        return np.asarray(self.deaths(*KINDS).mean(axis=(0, 2)) + 0.1)

    def officers(self, option: str) -> Array:
        """Return effective officers where they serve, shape (month, unit_type, area, draw).

        An area or unit type that a mission does not name has nobody. Units whose caveat bars a
        function count with the others of their type.
        """
        mission = self._deployed[option].mission
        labels = mission["unit_type"].values.tolist()
        types = np.array([self.labels.types.index(class_parts(k)[0]) for k in labels], dtype=int)
        out = np.zeros(
            (len(self._months), len(self.labels.types), len(self.labels.areas), len(self.kept)),
            np.float32,
        )
        found = self._cut(mission, "month", "unit_type", "area")
        places = np.asarray(self._places(mission), dtype=int)
        for k, place in enumerate(types):
            out[:, place, places] += found[:, k]
        return out

    def police(self, option: str) -> Array:
        """Return heads where they are based, shape (month, area, draw)."""
        strength = self._deployed[option].strength
        out = np.zeros((len(self._months), len(self.labels.areas), len(self.kept)))
        out[:, self._places(strength)] = self._cut(strength, "month", "area")
        return out

    def cost(self, option: str) -> Array:
        """Return the cost of an option, shape (draw,), USD."""
        return np.asarray(self._deployed[option].cost, dtype=float)[self.kept]

    def by_function(self, cube: xr.DataArray) -> Array:
        """Return officers on strength, shape (month, function, area, draw)."""
        return self._cut(cube, "month", "function", "area").astype(np.float32)

    def population(self) -> Array:
        """Return inhabitants, shape (area, draw or 1)."""
        people = self.assessment.population
        if "month" in people.dims:
            people = people.isel(month=0, drop=True)
        if "draw" in people.dims:
            people = people.transpose("area", "draw")
            return np.asarray(people.values[:, self.kept], dtype=float)
        return np.asarray(people.values, dtype=float)[:, None]

    def relief(self, host_gives: BoolArray) -> Array:
        """Return mission requirement per officer the host lacks, shape (function, area).

        Read off the assessment: requirement over national shortfall of the area and function.
        """
        asked = self.by_function(self.assessment.requirement).sum(axis=(0, 3), dtype=float)
        short = self.by_function(self.assessment.shortfall).sum(axis=(0, 3), dtype=float)
        share = np.divide(asked, short, out=np.zeros_like(asked), where=short > 0)
        return np.asarray(np.clip(share, 0.0, 1.0) * host_gives[:, None], dtype=np.float32)

    def luck(self) -> Array:
        """Return uniform numbers, shape (month, area, draw), keyed by area and future."""
        size = (len(self._months), self._draws)
        drawn = [
            draws.stream(self.seed, "misconduct", a).random(size)[:, self.kept]
            for a in range(len(self.labels.areas))
        ]
        return np.stack(drawn, axis=1).astype(np.float32)

    def _places(self, cube: xr.DataArray) -> list[int]:
        place = {area: i for i, area in enumerate(self.labels.areas)}
        return [place[area] for area in cube["area"].values.tolist()]

    def _cut(self, cube: xr.DataArray, *dims: str) -> Array:
        found = cube.sel(month=self._months).transpose(*dims, "draw")
        return np.asarray(found.values[..., self.kept])


def make_world(cubes: Cubes, shocks: Shocks, cap: float, theta: draws.Parameters) -> World:
    """Return what all options share.

    Raises
    ------
    StudyError
        If self-excitation and spill-over add to one or more: violence would grow without end.
    """
    habits = {name: np.asarray(theta[name], dtype=float)[cubes.kept] for name in HABITS}
    near = cubes.near()
    mean = mean_of_others(near)
    carried = habits["violence_self_excitation"] + habits["violence_spill_over"] * mean.sum(1).max()
    if carried.max() >= 1.0:
        raise StudyError(
            f"violence_self_excitation + violence_spill_over: got up to {carried.max():.2f}; "
            "wanted less than 1"
        )
    functions = table("functions")
    assessed = cubes.assessment
    names = assessed.requirement["function"].values.tolist()
    gives = functions.set_index("function")["host_gives"].astype(bool).to_dict()
    gives_at = np.array([bool(gives.get(name, False)) for name in names])
    need, host = cubes.by_function(assessed.need), cubes.by_function(assessed.host)
    reach = near.astype(float)
    present = within_reach(cubes.police("status_quo"), reach)
    return World(
        civilian=cubes.deaths("one_sided"),
        other=cubes.deaths("state_based", "non_state"),
        spike=shocks.spike(near),
        consent=shocks.consent(),
        host_loss=shocks.host_loss(),
        need=need,
        host=host,
        required=cubes.by_function(assessed.requirement),
        need_total=need.sum(axis=1),
        host_total=host.sum(axis=1),
        host_carries=cubes.relief(gives_at)[None, :, :, None] * host,
        protection=_position(names, "protection"),
        development=_position(names, "development"),
        population=cubes.population(),
        reach=reach,
        near=mean,
        present=np.minimum(present, cap),
        cap=cap,
        luck=cubes.luck(),
        habits=habits,
        ways=routes(names, cubes.labels.types, functions, table("unit_types")),
    )


def mean_of_others(near: BoolArray) -> Array:
    """Return the matrix that takes the mean over the other areas within reach.

    Examples
    --------
    >>> mean_of_others(np.array([[True, True], [True, True]])).tolist()
    [[0.0, 1.0], [1.0, 0.0]]
    """
    others = near & ~np.eye(len(near), dtype=bool)
    return np.asarray(others / np.maximum(others.sum(axis=1, keepdims=True), 1))


def _position(names: list[str], name: str) -> int:
    return names.index(name) if name in names else -1
