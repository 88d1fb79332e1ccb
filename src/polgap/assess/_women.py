"""Women on duty at every sgbv post: a hard number beside the target shares."""

from __future__ import annotations

import xarray as xr

from polgap.assess import _need
from polgap.assess._convert import relief_factor
from polgap.assess._population import population
from polgap.assess._posts import Place
from polgap.domain import Inputs, Study, cube
from polgap.draws import Parameters


def women_on_duty(study: Study, inputs: Inputs, theta: Parameters) -> xr.DataArray:
    """Return women on strength that sgbv posts take, dims (area, draw), officers on strength.

    ``2 x posts x relief factor``: two women on duty at each post around the clock, whatever the
    share of women in a unit. Part of the need of sgbv, not beside it.

    Parameters
    ----------
    study : Study
    inputs : Inputs
    theta : Parameters
        Those of the run, so that the draws are the same.

    Examples
    --------
    >>> from polgap import catalogue
    >>> from polgap.domain import empty_table
    >>> import pandas as pd
    >>> areas = pd.DataFrame({"area": ["a"], "population": [1e6], "population_basis": ["given"]})
    >>> names = ("towns", "host_police", "willingness", "other_providers", "mandate", "pledges",
    ...          "rules", "programmes")
    >>> inputs = Inputs(areas, panel=xr.Dataset(), **{n: empty_table(n) for n in names})
    >>> theta = Parameters(catalogue.parameters(), 1, 200)
    >>> 10 < float(women_on_duty(Study("t", "2020-12"), inputs, theta).median()) < 20
    True
    """
    people = population(inputs.areas, theta.seed_of("population"), theta.draws)
    relief = relief_factor(theta["weekly_hours"], theta["absence_share"])
    place = Place(inputs.areas, inputs.rules, study.all_months, people, relief, theta)
    officers = _need.women_posts(place, slice(0, len(inputs.areas)))[:, 0]
    return cube(
        officers,
        units="officers on strength",
        area=inputs.areas["area"].tolist(),
        draw=range(theta.draws),
    )
