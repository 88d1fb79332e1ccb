"""Which models there are: one line each."""

from __future__ import annotations

from dataclasses import replace

from polgap.errors import ModelError
from polgap.forecast.base import Model
from polgap.forecast.models.bootstrap import GlobalBootstrap
from polgap.forecast.models.conflictology import Conflictology
from polgap.forecast.models.decay import Decay
from polgap.forecast.models.gamma_poisson import GammaPoisson
from polgap.forecast.models.last_poisson import LastPoisson
from polgap.forecast.models.mixture import Mixture
from polgap.forecast.models.observed_markov import ObservedMarkov
from polgap.forecast.models.quantile_forest import QuantileForest
from polgap.forecast.models.self_exciting import SelfExciting
from polgap.forecast.models.zero import Zero

# Three views with an equal share each: what breeds violence, what fades, what is pooled; see
# docs/explanation/forecast-subnational.md.
_ALL: tuple[Model, ...] = (
    Mixture((SelfExciting(), GammaPoisson(), Decay())),
    Decay(),
    GammaPoisson(),
    Conflictology(12),
)

SITING = "three_pasts"
"""The model that sites are chosen on: half of what it says is the last twelve months or nearly; see
docs/explanation/placement.md for the theatre's default in its place."""
BASELINE = "last12"
"""The bar: what every skill figure is a ratio to."""
DEFAULT = "mixture"
"""The model that PolGap ships."""

_COUNT = QuantileForest("count", leaf=30, rows=4.0, nearest=3, farthest=14)
_LEVEL, _MEAN = (QuantileForest(scale, nearest=3, farthest=14) for scale in ("level", "mean"))
_STATES = ObservedMarkov(farthest=14)
# Changes of all area-months, states that follow each other, and the country's own past, 4 : 2 : 1.
# The first has the least error in deaths, the others the least ignorance; all that was tried
# stands in docs/explanation/forecast-skill.md.
_POOLED = Mixture((_MEAN, _STATES, Decay()), (4, 2, 1), "pooled_mixture")
_PASTS = Mixture((Conflictology(12), Decay(), GammaPoisson()), label="three_pasts")
_PAIRS = (
    Mixture((SelfExciting(), GammaPoisson()), label="exciting_pooled"),
    Mixture((SelfExciting(), Decay()), label="exciting_decay"),
)
_TRIED: tuple[Model, ...] = (
    _COUNT,
    _LEVEL,
    _MEAN,
    _STATES,
    Mixture((_COUNT, _LEVEL, _MEAN), label="three_forests"),
    Mixture((_COUNT, _LEVEL, _MEAN, Decay()), label="three_forests_decay"),
    Mixture((_COUNT, _LEVEL, _MEAN, Decay()), (2, 2, 2, 1), "three_forests_half_decay"),
    Mixture((_LEVEL, _MEAN, _STATES, Decay()), (2, 2, 2, 1), "two_forests_states"),
    Mixture((_MEAN, _STATES, Decay()), (2, 2, 1), "mean_states"),
    Mixture((_COUNT, Decay()), label="count_forest_decay"),
    _PASTS,
    SelfExciting(),
    Decay(),
    GammaPoisson(),
    Conflictology(24),
    Conflictology(36),
    LastPoisson(),
    GlobalBootstrap(),
    Zero(),
)


def country_models(*, tried: bool = False) -> dict[str, Model]:
    """Return the models for a wide panel (all countries), the default first.

    They are pooled over areas and need at least 2,000 area-months; horizons 3 to 14.

    Parameters
    ----------
    tried : bool
        Give every variant that was tried, not only the default.

    Examples
    --------
    >>> list(country_models())
    ['pooled_mixture']
    """
    return {m.name: m for m in (_POOLED, *(_TRIED if tried else ()))}


def subnational_models(*, tried: bool = False) -> dict[str, Model]:
    """Return the models for areas below the country, the default first and the baseline last.

    Parameters
    ----------
    tried : bool
        Give every variant that was tried, not only the default.

    Examples
    --------
    >>> list(subnational_models())
    ['mixture', 'last12']
    """
    among = (SelfExciting(), GammaPoisson(), Decay(), *_PAIRS, _PASTS, Conflictology(36))
    default, baseline = model(DEFAULT), model(BASELINE)
    return {m.name: m for m in (default, *(among if tried else ()), baseline)}


def covariate_models() -> dict[str, Model]:
    """Return the models that look at the covariates of a panel; none is a default.

    Examples
    --------
    >>> list(covariate_models())
    ['quantile_forest_covariates', 'quantile_forest_mean_covariates', 'pooled_covariates']
    """
    count, mean = (replace(forest, covariates=True) for forest in (_COUNT, _MEAN))
    pooled = Mixture((mean, _STATES, Decay()), (4, 2, 1), "pooled_covariates")
    return {m.name: m for m in (count, mean, pooled)}


def models() -> dict[str, Model]:
    """Return every registered model by name, the default first.

    Examples
    --------
    >>> list(models())
    ['mixture', 'decay', 'gamma_poisson', 'last12']
    """
    return {model.name: model for model in _ALL}


def model(name: str) -> Model:
    """Return a registered model.

    Raises
    ------
    ModelError
        If there is none of that name.
    """
    found = models()
    if name not in found:
        raise ModelError(f"model: got {name!r}; wanted one of {list(found)}")
    return found[name]
