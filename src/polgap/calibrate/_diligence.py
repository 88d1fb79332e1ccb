"""Human-rights due diligence: where support to host-State institutions is on record."""

from __future__ import annotations

import pandas as pd

from polgap.domain import Inputs, Study

EVERYWHERE = "*"


def cleared(study: Study, inputs: Inputs) -> frozenset[str]:
    """Return the areas where every institution of the host State has a record of its own.

    A record counts from its month on, for its recipient, in its area, parent or everywhere. The
    table refuses a row that lacks recipient, support, risk, mitigation, monitor, stop rule,
    sign-off or date, so what is here is whole. An area without any record is never cleared,
    whatever the mandate says.

    Parameters
    ----------
    study : Study
    inputs : Inputs

    References
    ----------
    Human rights due diligence policy on support to non-United Nations security forces,
    A/67/775-S/2013/110.

    Examples
    --------
    >>> from polgap import examples
    >>> study, inputs = examples.toy()
    >>> sorted(cleared(study, inputs))
    ['centre', 'north', 'south']
    """
    records = inputs.hrddp[inputs.hrddp["date"].astype(str) <= study.origin]
    found = set()
    for area, parent in _places(inputs.areas):
        here = {EVERYWHERE, area, *([parent] if parent else [])}
        on_record = set(records.loc[records["area"].isin(here), "recipient"].astype(str))
        host = inputs.host_police
        standing = set(host.loc[host["area"].isin(here), "institution"].astype(str))
        if on_record and standing <= on_record:
            found.add(area)
    return frozenset(found)


def _places(areas: pd.DataFrame) -> list[tuple[str, str]]:
    keys = areas["area"].astype(str).tolist()
    parents = areas["parent"].fillna("").astype(str).tolist() if "parent" in areas else []
    return list(zip(keys, parents or [""] * len(keys), strict=True))
