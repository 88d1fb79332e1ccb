"""The remotes by name: one line each. ``polgap fetch --list``, the docs and the tests read this."""

from __future__ import annotations

from dataclasses import dataclass

from polgap.errors import DataError, Problem
from polgap.sources.fetch.remote import Remote
from polgap.sources.fetch.remotes import (
    cod_ab,
    cod_ps,
    geoboundaries,
    hapi,
    idmc,
    ourairports,
    ucdp,
    ucdp_api,
    un_police,
    world_bank_governance,
    world_bank_population,
)

REMOTES: dict[str, Remote] = {
    "ucdp": ucdp.SOURCE,
    "ucdp_api": ucdp_api.SOURCE,
    "hapi": hapi.SOURCE,
    "geoboundaries": geoboundaries.SOURCE,
    "cod_ab": cod_ab.SOURCE,
    "cod_ps": cod_ps.SOURCE,
    "world_bank_population": world_bank_population.SOURCE,
    "world_bank_governance": world_bank_governance.SOURCE,
    "idmc": idmc.SOURCE,
    "un_police": un_police.SOURCE,
    "ourairports": ourairports.SOURCE,
}
"""Name on the command line -> remote."""


@dataclass(frozen=True)
class ByHand:
    """Data that no program may fetch: the user signs in and downloads a file.

    Parameters
    ----------
    name, source, title, licence : str
    road : str
        Which file to download where.
    """

    name: str
    source: str
    title: str
    licence: str
    road: str


BY_HAND = {
    row.name: row
    for row in (
        ByHand(
            "acled", "acled", "ACLED: incidents with place and day, among them protests and riots",
            "ACLED terms of use and attribution; no redistribution",
            "sign in at https://acleddata.com, export the country as CSV (event level) and give "
            "it as --source acled=FILE",
        ),
        ByHand(
            "vdem", "governance", "V-Dem: country-year indices of rule of law and corruption",
            "CC BY-SA 4.0",
            "download Country-Year: V-Dem Full+Others as CSV at https://v-dem.net/data and give "
            "it (zipped or not) as --source governance=FILE",
        ),
    )
}  # fmt: skip
"""What is downloaded by hand, by name."""


def remote(name: str) -> Remote:
    """Return the remote of a name.

    Raises
    ------
    DataError
        If there is none, naming those there are; for what is downloaded by hand, how.
    """
    if name in REMOTES:
        return REMOTES[name]
    if name in BY_HAND:
        problem = Problem(
            f"{name}, which no program may fetch", BY_HAND[name].road, "by_hand", name
        )
        raise DataError([problem])
    wanted = f"one of {', '.join([*REMOTES, *BY_HAND])}"
    raise DataError([Problem(repr(name), wanted, "unknown_source", column="source")])
