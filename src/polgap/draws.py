"""Chance: named random streams, drawn parameters, and fewer draws that stay whole.

A stream is keyed by name and position, so adding a decision elsewhere moves nobody else's luck,
and relabelling areas in order changes no number (contracts.md 14).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import copy
from typing import Any
from zlib import crc32

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from polgap.catalogue import Parameter
from polgap.domain import GOVERNANCE, month_number

Array = NDArray[np.floating[Any]]


def stream(seed: int, *name: str | int) -> np.random.Generator:
    """Return the random generator of a named decision.

    Parameters
    ----------
    seed : int
        Seed of the run.
    *name : str or int
        What is drawn, and the position of the thing it is drawn for.

    Examples
    --------
    >>> float(stream(1, "arrival", 0).random()) == float(stream(1, "arrival", 0).random())
    True
    """
    key = [crc32(str(part).encode()) for part in name]
    return np.random.default_rng([seed, *key])


def three_point(
    uniform: Array, low: float, mid: float, high: float, *, share: bool = False
) -> Array:
    """Return values whose 10, 50 and 90 % quantiles are low, mid and high.

    Straight lines between the three points, in logarithms when all are positive and the range
    spans more than a factor three; the outer tenths go on with half the neighbouring slope.

    Parameters
    ----------
    uniform : array, any shape
        Numbers in [0, 1]; the result has the same shape.
    low, mid, high : float
        The three points, in the units of the result.
    share : bool
        Keep the result in [0, 1].

    Examples
    --------
    >>> three_point(np.array([0.1, 0.5, 0.9]), 1.0, 2.0, 4.0).round(6).tolist()
    [1.0, 2.0, 4.0]
    """
    logs = low > 0 and high / low > 3.0
    a, b, c = (np.log([low, mid, high]) if logs else np.array([low, mid, high])).tolist()
    left, right = a - (b - a) / 8.0, c + (c - b) / 8.0
    value = np.interp(uniform, [0.0, 0.1, 0.5, 0.9, 1.0], [left, a, b, c, right])
    value = np.exp(value) if logs else value
    if share:
        return np.asarray(np.clip(value, 0.0, 1.0))
    return np.asarray(np.maximum(value, 0.0)) if low >= 0 else np.asarray(value)


class Parameters(Mapping[str, Array]):
    """Drawn parameters: ``theta["beat_ratio"]`` is an array of shape (draw,).

    A parameter is drawn once for the whole run (one value per draw, all areas and months) from
    its own stream, on first use. `used` lists what entered the run; the assumptions register and
    the decision grade are made from it, never by hand.

    Raises
    ------
    KeyError
        For a name the catalogue does not have, or one that is no default (a case value).
    """

    def __init__(
        self,
        catalogue: Mapping[str, Parameter],
        seed: int,
        draws: int,
        overrides: Mapping[str, tuple[float, float, float]] | None = None,
    ) -> None:
        self._catalogue = catalogue
        self._overrides = dict(overrides or {})
        self._drawn: dict[str, Array] = {}
        self._enters: dict[str, set[str]] = {}
        self._aside: dict[str, set[str]] = {}
        self._from: dict[str, Parameters] = {}
        self._luck: set[str] = set()
        self._varied: set[str] = set()
        self._step = ""
        self._kept: slice | NDArray[np.integer[Any]] = slice(None)
        self.seed = seed
        self.of_all = draws
        self.draws = draws

    def of(self, step: str) -> Parameters:
        """Return the same parameters, noting that what is read from now on enters `step`."""
        view = copy(self)
        view._step = step
        return view

    def taking(self, other: Parameters, *names: str) -> Parameters:
        """Return these parameters with what is named as `other` drew it; `used` begins anew.

        Parameters
        ----------
        other : Parameters
            Of the same catalogue, overrides and number of draws, with another seed.
        *names : str
            Parameters, or kinds of luck that `seed_of` was asked for.
        """
        view = copy(self)
        view._drawn, view._enters = {}, {}
        view._luck, view._varied = set(), set()
        view._from = {**self._from, **dict.fromkeys(names, other)}
        return view

    def again(self, seed: int, draws: int) -> Parameters:
        """Return the same parameters with the planner's own values, drawn anew."""
        return Parameters(self._catalogue, seed, draws, self._overrides)

    def beside(self, step: str) -> Parameters:
        """Return the same parameters for what stands beside the totals.

        What is read enters the register (`aside`), but neither `used` nor the grade: it moves no
        headline.
        """
        view = self.again(self.seed, self.of_all)
        view._step, view._enters = step, self._aside
        return view

    def seed_of(self, luck: str) -> int:
        """Return the seed of a named kind of luck, and note that it entered the run.

        A step that draws more than the parameters themselves (where people live, who of the
        assessors is right) asks for its seed by the name of its stream, so that a study of
        sensitivity can change that luck alone.
        """
        if luck not in self._catalogue:
            self._luck.add(luck)
        return self._from.get(luck, self).seed

    def thinned(self, positions: slice | NDArray[np.integer[Any]]) -> Parameters:
        """Return the same parameters on some of the draws, each with the value it has among all.

        What is drawn from a stream of its own has to be drawn for all (`of_all`), and thinned
        likewise (`among_all`).

        Examples
        --------
        >>> from polgap import catalogue
        >>> theta = Parameters(catalogue.parameters(), 1, 6)
        >>> few = theta.thinned(slice(2, 4))
        >>> few.draws, bool((few["beat_ratio"] == theta["beat_ratio"][2:4]).all())
        (2, True)
        """
        view = copy(self)
        view._kept = np.arange(self.of_all)[self._kept][positions]
        view.draws = len(view._kept)
        return view

    def among_all(self, values: NDArray[Any]) -> NDArray[Any]:
        """Return what was drawn for `of_all` draws, last axis, on the draws that are left."""
        return np.asarray(values[..., self._kept])

    def __getitem__(self, name: str) -> Array:
        self._varied.add(name)
        return self._value(name)

    def _value(self, name: str) -> Array:
        if self._step:
            self._enters.setdefault(name, set()).add(self._step)
        return self._whole(name)[self._kept]

    def _whole(self, name: str) -> Array:
        """Return the values of all draws."""
        if name not in self._drawn and name in self._from:
            self._drawn[name] = self._from[name]._whole(name)
        if name not in self._drawn:
            low, mid, high = self.points(name)
            uniform = stream(self.seed, "parameter", name).random(self.of_all)
            share = self._catalogue[name].units.startswith("share") and high <= 1.0
            self._drawn[name] = three_point(uniform, low, mid, high, share=share)
        return self._drawn[name]

    def __iter__(self) -> Iterator[str]:
        return iter(n for n, p in self._catalogue.items() if p.is_default)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def points(self, name: str) -> tuple[float, float, float]:
        """Return low, mid and high of a parameter, the planner's own if given."""
        if name in self._overrides:
            return self._overrides[name]
        parameter = self._catalogue[name]
        if not parameter.is_default:
            raise KeyError(f"{name} is a {parameter.use}, not a default")
        return parameter.low, parameter.mid, parameter.high

    def mid(self, name: str) -> float:
        """Return the middle value, and note that the parameter was used."""
        self._value(name)
        return self.points(name)[1]

    @property
    def used(self) -> dict[str, Array]:
        """What entered the run so far: name -> values of all draws, shape (draw,)."""
        return dict(sorted(self._drawn.items()))

    @property
    def enters(self) -> dict[str, tuple[str, ...]]:
        """Which steps each used parameter entered: name -> steps, sorted."""
        return {name: tuple(sorted(steps)) for name, steps in sorted(self._enters.items())}

    @property
    def aside(self) -> dict[str, tuple[str, ...]]:
        """Parameters that entered beside the totals alone: name -> steps, sorted."""
        return {
            name: tuple(sorted(steps))
            for name, steps in sorted(self._aside.items())
            if name not in self._drawn
        }

    @property
    def at_middle(self) -> frozenset[str]:
        """Parameters of which only the middle value entered: their range moved nothing."""
        return frozenset(self._drawn) - self._varied

    @property
    def luck(self) -> frozenset[str]:
        """Kinds of luck beside the parameters that entered the run so far."""
        return frozenset(self._luck)

    @property
    def given(self) -> frozenset[str]:
        """Names that the planner set instead of the catalogue."""
        return frozenset(self._overrides)


NEUTRAL = 0.5
"""Value of the abuse indicator at which the share that preys applies as it stands."""


def harm_share(abuse: Array, assessed: NDArray[np.bool_], theta: Parameters) -> Array:
    """Return the share of officers that preys, shape of `abuse`.

    The parameter as it stands where abuse was not assessed; else scaled by how far the institution
    is from free of allegations: none at 1, as the parameter at `NEUTRAL`, twice that at 0.

    Parameters
    ----------
    abuse : array, shape (institution, area, draw), 0 to 1
        Indicator of abuse allegations; 1 is free of them.
    assessed : bool array, shape (institution, area)
    theta : Parameters
    """
    if abuse.shape[0] == 0:
        return np.zeros(abuse.shape)
    share = theta["host_harm_share"]
    scaled = np.clip(share * (1.0 - abuse) / (1.0 - NEUTRAL), 0.0, 1.0)
    return np.where(assessed[..., None], scaled, np.clip(share, 0.0, 1.0))


def held_off(
    willing: Array, harm: Array, unwilling_below: float, predatory_from: float
) -> NDArray[np.bool_]:
    """Return where an institution gets no equipment and no headcount: unwilling, or predatory.

    One rule for what is advised and for what is counted as growth; its limits are parameters. It
    is asked of means, because expected harm goes with the mean share that preys; asked of draws,
    it gives the chance that stands beside the advice.

    Examples
    --------
    >>> willing, harm = np.array([0.6, 0.2, 0.6]), np.array([0.0, 0.0, 0.3])
    >>> held_off(willing, harm, 0.35, 0.1).tolist()
    [False, True, True]
    """
    return np.asarray((willing < unwilling_below) | (harm >= predatory_from), dtype=np.bool_)


def linear_pool(opinions: pd.DataFrame, position: int, origin: str, theta: Parameters) -> Array:
    """Return draws of the pooled opinions on one thing.

    A draw follows one assessor, each as likely: a mixture, not a mean. Where they disagree,
    the pool is as wide as they lie apart. What
    somebody looked at grows older: its interval widens by `willing_age_widening_year` at each end
    for every year. Assumed opinions move with `host_willing`, from which they come; those that
    stand on country-year series all move together, because their error is the country's.

    Parameters
    ----------
    opinions : pd.DataFrame
        low, mid, high (10, 50, 90 % points, 0 to 1), basis, assessor_role, as_of.
    position : int
        Place among the things assessed: the key of its stream.
    origin : str
        Month of the study, ``YYYY-MM``.
    theta : Parameters

    Returns
    -------
    array, shape (draw,), 0 to 1

    Examples
    --------
    >>> from polgap.catalogue import parameters
    >>> two = pd.DataFrame({"low": [0.2, 0.8], "mid": [0.2, 0.8], "high": [0.2, 0.8],
    ...                     "basis": "given", "assessor_role": ["trainer", "monitor"],
    ...                     "as_of": "2020-12"})
    >>> drawn = linear_pool(two, 0, "2020-12", Parameters(parameters(), 1, 400))
    >>> sorted(set(drawn.round(6).tolist()))
    [0.2, 0.8]
    """
    chance = stream(theta.seed_of("willing"), "willing", position)
    who = chance.integers(len(opinions), size=theta.draws)
    own = chance.random(theta.draws)
    drawn = [_opinion(row, own, origin, theta) for row in opinions.to_dict("records")]
    return np.asarray(np.array(drawn)[who, np.arange(theta.draws)])


def _opinion(row: Mapping[Any, Any], own: Array, origin: str, theta: Parameters) -> Array:
    """Return what one assessor says, shape (draw,)."""
    points = [float(row[k]) for k in ("low", "mid", "high")]
    if str(row["basis"]) in ("assumed", "recalled"):
        shared = stream(theta.seed_of("host_willing"), "parameter", "host_willing").random(
            theta.draws
        )
        return three_point(shared, *points, share=True)
    if str(row["assessor_role"]) == GOVERNANCE:
        own = stream(theta.seed_of("willing"), "willing", GOVERNANCE).random(theta.draws)
    value = three_point(own, *points, share=True)
    as_of = str(row["as_of"])
    years = (month_number(origin) - month_number(as_of)) / 12.0 if as_of else 1.0
    if years <= 0:
        return value
    outward = theta["willing_age_widening_year"] * years * three_point(own, -1.0, 0.0, 1.0)
    return np.asarray(np.clip(value + outward, 0.0, 1.0))


def reduce(draws: int, keep: int) -> tuple[NDArray[np.int64], Array]:
    """Return positions and weights of fewer draws, whole and evenly spaced.

    Draws are exchangeable, so an even thinning is an unbiased subset; weights sum to 1.

    Examples
    --------
    >>> positions, weights = reduce(6, 3)
    >>> positions.tolist(), weights.sum().item()
    ([0, 2, 4], 1.0)
    """
    kept = min(draws, keep)
    positions = np.floor(np.arange(kept) * draws / kept).astype(np.int64)
    return positions, np.full(kept, 1.0 / kept)
