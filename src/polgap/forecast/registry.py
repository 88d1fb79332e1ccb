"""Which models there are: one line each."""

from __future__ import annotations

from polgap.errors import ModelError
from polgap.forecast.base import Model
from polgap.forecast.models.conflictology import Conflictology
from polgap.forecast.models.decay import Decay
from polgap.forecast.models.gamma_poisson import GammaPoisson
from polgap.forecast.models.mixture import Mixture

_ALL: tuple[Model, ...] = (
    Mixture((Conflictology(12), Decay(), GammaPoisson())),
    Decay(),
    GammaPoisson(),
    Conflictology(12),
)

BASELINE = "last12"
"""The bar: what every skill figure is a ratio to."""
DEFAULT = "mixture"
"""The model that PolGap ships."""


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
