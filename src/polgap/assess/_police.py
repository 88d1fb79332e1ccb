"""What host-State police give: officers who are there, able and willing, one function each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from polgap.assess._assign import assign, assign_first
from polgap.assess._host import HostPolice
from polgap.assess._willing import Willing
from polgap.domain.cubes import FloatArray, IntArray


@dataclass(frozen=True)
class Players:
    """Which of the four causes of a shortfall are put right (gap-model.md 6)."""

    numbers: bool = False
    presence: bool = False
    capability: bool = False
    will: bool = False


AS_IT_IS = Players()


@dataclass(frozen=True)
class Police:
    """Host-State police and their will, ready to be assigned.

    Parameters
    ----------
    functions : sequence of str
        In priority order.
    weights : array, shape (function, indicator)
        What weight a function gives to each indicator of willingness; 0 where police do not serve.
    kappa : array, shape (draw,)
        Added protection need per predatory officer.
    kept : array, shape (draw,), share
        Share of every roll that is there (1 now; less on an unsupported path).
    """

    host: HostPolice
    will: Willing
    functions: Sequence[str]
    weights: FloatArray
    kappa: FloatArray
    kept: FloatArray

    def thinned(self, positions: IntArray | slice) -> Police:
        """Return the same police on fewer draws."""
        host = self.host
        kept = ("available", "available_authorised", "roll", "authorised", "present", "able")
        fewer = {name: getattr(host, name)[..., positions] for name in kept}
        will = replace(
            self.will,
            indicators=self.will.indicators[..., positions],
            harm=self.will.harm[..., positions],
        )
        return replace(
            self,
            host=replace(host, **fewer),
            will=will,
            kappa=self.kappa[positions],
            kept=self.kept[positions],
        )

    def within(self, areas: slice) -> Police:
        """Return the same police in some of the areas; nothing is copied."""
        kept = ("available", "available_authorised", "roll", "authorised", "present", "able")
        fewer = {name: getattr(self.host, name)[:, areas] for name in kept}
        will = replace(
            self.will,
            indicators=self.will.indicators[:, :, areas],
            harm=self.will.harm[:, areas],
        )
        return replace(self, host=replace(self.host, **fewer), will=will)

    def officers(self, players: Players = AS_IT_IS) -> FloatArray:
        """Return officers able to be tasked, shape (institution, area, draw)."""
        return self.host.officers(players.numbers, players.presence) * self.kept

    def predation(self, players: Players = AS_IT_IS) -> FloatArray:
        """Return protection need that predatory officers add, shape (area, draw).

        Officers on strength; more police do not close it, accountability does.
        """
        if players.will:
            return np.zeros(self.will.harm.shape[1:])
        return np.asarray(self.kappa * (self.officers(players) * self.will.harm).sum(axis=0))

    def serve(self, area: int, need: FloatArray, players: Players = AS_IT_IS) -> FloatArray:
        """Return officers serving each function of one area.

        Parameters
        ----------
        area : int
            Position of the area.
        need : array, shape (month, function, draw), officers on strength

        Returns
        -------
        array, shape (month, function, draw), officers on strength
        """
        return assign(need, self.ready(area, players), self.serving(area, players))

    def serve_first(self, area: int, need: FloatArray) -> FloatArray:
        """Return what `serve` does, of need (function, month, draw) of float64, in that shape."""
        return assign_first(need, self.ready(area), self.serving(area))

    def ready(self, area: int, players: Players = AS_IT_IS) -> FloatArray:
        """Return able officers of one area, shape (institution, 1, draw)."""
        strength = self.host.officers(players.numbers, players.presence)[:, area] * self.kept
        if not players.capability:
            strength = strength * self.host.able[:, area]
        return np.asarray(strength[:, None])

    def serving(self, area: int, players: Players = AS_IT_IS) -> FloatArray:
        """Return which share of them serves a function, (institution, function, draw or 1)."""
        if players.will:
            serves = (self.weights.sum(axis=1) > 0).astype(np.float64)
            return np.repeat(serves[None, :, None], len(self.host.able), axis=0)
        return self.will.by_function(self.weights, area)
