"""Dependence by ranks: draws of separate margins put into the order of joint past paths."""

from __future__ import annotations

import numpy as np

from polgap.forecast._past import Array

SHARED, LASTING = 0.4, 0.3
"""Weights of the theatre's level and of lasting luck where a tie is broken; the rest is chance.

With them the 90 % intervals of a gamma-Poisson theatre month held 86 % of the counts, with chance
alone 77 %, at the same CRPS; sums of 12 months in an area 91 % instead of 86 % (COMPUTED: UCDP
deaths, five countries by province and 191 countries, 1997-2022).
"""


def couple(margins: Array, template: Array, rng: np.random.Generator) -> Array:
    """Return `margins` reordered so that their ranks over draws are those of `template`.

    The Schaake shuffle [1]_: the draws of every margin stay what they are, but the draw that is
    high in one area, month and kind is high where the template is. Most ties are months of
    silence; there a draw ranks higher where the theatre as a whole is violent in it, and keeps
    part of its rank from month to month, so that quiet areas do not look independent.

    Parameters
    ----------
    margins, template : array, shape (variable, area, horizon, draw), counts

    References
    ----------
    .. [1] Clark et al. (2004), The Schaake shuffle, Journal of Hydrometeorology 5, 243-262.

    Examples
    --------
    >>> margins, template = np.array([[[[5.0, 1.0, 3.0]]], [[[0.0, 2.0, 9.0]]]])[:, None]
    >>> couple(margins, template, np.random.default_rng(0)).ravel().tolist()
    [1.0, 3.0, 5.0]
    """
    kinds, areas, _, draws = template.shape
    theatre = template.sum(axis=1, keepdims=True)
    level = _ranks(theatre + 0.5 * rng.random(theatre.shape)) / draws
    lasting = rng.random((kinds, areas, 1, draws))
    noise = rng.random(template.shape) * (1.0 - SHARED - LASTING)
    noise += SHARED * level + LASTING * lasting
    # Counts are whole (or nearly): half a count never overtakes a larger one.
    order = np.argsort(template + 0.5 * noise, axis=-1)
    out = np.empty_like(margins)
    np.put_along_axis(out, order, np.sort(margins, axis=-1), axis=-1)
    return out


def _ranks(values: Array) -> Array:
    """Return the rank of each draw from 0, over the last axis."""
    return np.asarray(np.argsort(np.argsort(values, axis=-1), axis=-1), dtype=float)
