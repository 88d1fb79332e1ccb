"""What host-State provision is made of, by institution: every step with its interval."""

from __future__ import annotations

import numpy as np
import pandas as pd

from polgap.assess import _advice, _assessors, _others, _scope
from polgap.assess._police import Police
from polgap.assess._population import ASSUMED
from polgap.domain import Inputs, Note, Study
from polgap.domain.cubes import FloatArray
from polgap.draws import Parameters
from polgap.score import quantile

COLUMNS = ("institution", "measure", "units", "low", "mid", "high", "basis")


def facts(
    study: Study,
    inputs: Inputs,
    police: Police,
    capital: int,
    need: FloatArray,
    short: FloatArray,
    theta: Parameters,
) -> tuple[dict[str, pd.DataFrame], tuple[Note, ...]]:
    """Return the tables behind provision, and a note for each institution that is to be held off.

    Parameters
    ----------
    police : Police
        On the draws of `need`.
    capital : int
        Position of the capital's area.
    need, short : arrays, shape (area, month, function, draw), officers on strength
        Of the reported months.

    Returns
    -------
    tables : mapping
        ``institutions`` (`COLUMNS`), ``assessors``, ``ledger`` and ``advice``.
    notes : tuple of Note
    """
    serves = police.weights.sum(axis=1) > 0
    wanted, left = (x[:, :, serves].mean(axis=1).sum(axis=1) for x in (need, short))
    host, will = inputs.host_police, inputs.willingness
    advised = _advice.advice(police, host, will, inputs.areas, wanted, left, theta)
    tables = {
        "institutions": institutions(inputs.host_police, police, capital),
        "assessors": _assessors.assessors(study, will, theta),
        "ledger": _others.ledger(inputs.other_providers, study.report_months),
        "advice": advised,
    }
    return tables, _held_off(advised)


def institutions(
    table: pd.DataFrame,
    police: Police,
    capital: int,
) -> pd.DataFrame:
    """Return the chain from posts to able officers by institution, one measure a row.

    Authorised, on the books, real and available are officers; ghosts are names on the books that
    no head count would find; rows of institution ``*`` hold all together. `able_bound_low` and
    `able_bound_high` are what single shares allow.
    """
    host = police.host
    rows: list[tuple[object, ...]] = []
    for i, name in enumerate(host.institutions):
        basis = _basis(table[table["institution"] == name])
        posts = table.loc[table["institution"] == name, "authorised"].notna().any()
        there = host.available[i]
        total = there.sum(axis=0)
        safe = np.where(total > 0, total, 1.0)
        able = (there * host.able[i]).sum(axis=0)
        preys = (there * police.will.harm[i]).sum(axis=0)
        unknown = np.full(total.shape, np.nan)
        found = {
            ("authorised", "officers"): host.authorised[i].sum(axis=0) if posts else unknown,
            ("roll", "officers"): host.roll[i].sum(axis=0),
            ("ghosts", "officers"): (host.roll[i] - host.present[i]).sum(axis=0),
            ("present", "officers"): host.present[i].sum(axis=0),
            ("available", "officers"): total,
            ("able", "officers"): able,
            ("able_share", "share"): able / safe,
            ("able_bound_low", "share"): np.full(total.shape, host.bounds[i, 0]),
            ("able_bound_high", "share"): np.full(total.shape, host.bounds[i, 1]),
            ("in_capital", "share"): there[capital] / safe,
            ("harm_share", "share"): preys / safe,
            ("added_need", "officers"): police.kappa * preys,
        }
        for (measure, units), draws in found.items():
            rows.append((name, measure, units, *quantile(draws, [0.1, 0.5, 0.9]).tolist(), basis))
    return pd.DataFrame([*rows, *_together(table, police)], columns=list(COLUMNS))


def _together(table: pd.DataFrame, police: Police) -> list[tuple[object, ...]]:
    """Return officers of all institutions (``*``): ends of intervals do not add up, draws do."""
    if not len(table):
        return []
    host, basis = police.host, _basis(table)
    found = {"available": host.available.sum(axis=(0, 1))}
    if table["authorised"].notna().all():
        found["authorised"] = host.authorised.sum(axis=(0, 1))
    return [
        ("*", measure, "officers", *quantile(draws, [0.1, 0.5, 0.9]).tolist(), basis)
        for measure, draws in found.items()
    ]


def _basis(rows: pd.DataFrame) -> str:
    assumed = rows["basis"].isin(ASSUMED).any()
    return "assumed" if assumed or not len(rows) else str(rows["basis"].iloc[0])


def _held_off(advised: pd.DataFrame) -> tuple[Note, ...]:
    """Return a note for each institution that gets no equipment and no headcount."""
    if advised.empty:
        return ()
    whole = advised[advised["area"].isin(_scope.WHOLE) & (advised["advice"] == "account")]
    return tuple(
        Note(
            "assess.no_equipment",
            {
                "institution": row["institution"],
                "willing": 100.0 * row["willing_mean"],
                "harm": 100.0 * row["harm_mean"],
                "chance": 100.0 * row["chance_held"],
            },
        )
        for row in _scope.rows(whole)
    )
