"""The tables behind provision: chain, ghosts, capital, assessors, other providers."""

import numpy as np
import pytest


def parts(made, police=None, willing=None, overrides=None, **given):
    known = made.inputs(
        made.areas(), police, willing, overrides={**made.CALM, **(overrides or {})}, **given
    )
    return made.measure(known).parts


def chain(made, *rows, **overrides):
    table = parts(made, list(rows), overrides=overrides)["institutions"]
    return table[table["institution"] != "*"].set_index("measure")


def test_the_chain_only_falls(made):
    rows = chain(made, made.host(authorised=1500), **made.points(host_ghost_share=0.05))

    steps = [rows.loc[m, "mid"] for m in ("authorised", "roll", "present", "available", "able")]
    assert steps[:4] == pytest.approx([1500, 1000, 950, 700])
    assert steps == sorted(steps, reverse=True)
    assert rows.loc["ghosts", "mid"] == pytest.approx(50)


def test_ghosts_are_never_more_than_those_not_operational(made):
    rows = chain(made, made.host(operational=990.0), **made.points(host_ghost_share=0.15))

    assert rows.loc["ghosts", "mid"] == pytest.approx(10)


def test_ghosts_cannot_be_made_present_only_posts_can_be_filled(made):
    ghosts = made.points(host_ghost_share=0.1)
    honest, padded = (
        made.measure(made.inputs(made.areas(), [made.host(authorised=1500, roll=1000)],
                                 overrides={**made.CALM, **o})).why
        for o in ({}, ghosts)
    )  # fmt: skip

    assert padded["presence"] < honest["presence"]
    assert padded["numbers"] > honest["numbers"]


def test_an_unknown_authorised_strength_stays_unknown(made):
    assert np.isnan(chain(made, made.host()).loc["authorised", "mid"])


def test_bounds_are_shown_for_single_shares_and_not_for_nested_counts(made):
    counts = {"vetted": 600, "trained": 500, "equipped": 400, "paid": 300, "in_reach": 200}
    single = chain(made, made.host(shares=0.9))
    nested = chain(made, made.host(**counts))

    assert single.loc["able_bound_low", "mid"] == pytest.approx(0.5)
    assert single.loc["able_bound_high", "mid"] == pytest.approx(0.9)
    assert np.isnan(nested.loc["able_bound_high", "mid"])


def test_the_capital_holds_what_the_parameter_says(made):
    rows = chain(made, made.host(), **made.points(capital_concentration_share=0.8))

    assert rows.loc["in_capital", "mid"] == pytest.approx(0.8)


def test_harm_adds_need_by_its_parameters(made):
    harm = made.points(host_harm_share=0.2, harm_multiplier=0.5)
    neutral = made.will(0.5)
    table = parts(made, None, neutral, harm)["institutions"]
    table = table[table["institution"] != "*"].set_index("measure")

    assert table.loc["harm_share", "mid"] == pytest.approx(0.2)
    assert table.loc["added_need", "mid"] == pytest.approx(0.5 * 0.2 * 700)


def opinions(made, *levels, **changes):
    rows = []
    for k, level in enumerate(levels):
        row = made.will(level, names=["lawful_orders"], **changes)[0]
        rows.append({**row, "assessor_role": f"role {k}"})
    return rows


def test_disagreement_is_the_share_of_variance_between_assessors(made):
    alike = parts(made, None, opinions(made, 0.5, 0.5, spread=0.1))["assessors"].iloc[0]
    apart = parts(made, None, opinions(made, 0.1, 0.9, spread=0.05))["assessors"].iloc[0]
    alone = parts(made, None, opinions(made, 0.5, spread=0.1))["assessors"].iloc[0]

    assert alike["between"] == pytest.approx(0.0, abs=1e-12)
    assert apart["between"] > 0.95
    assert (alone["between"], alone["assessors"]) == (0.0, 1)
    assert apart["roles"] == "role 0, role 1"
    assert apart["low"] < 0.2 < 0.8 < apart["high"]


def test_an_old_assessment_is_shown_as_wide_as_it_enters(made):
    fresh, old = (
        parts(made, None, opinions(made, 0.5, spread=0.1, ) if when is None else
              [{**r, "as_of": when} for r in opinions(made, 0.5, spread=0.1)],
              made.points(willing_age_widening_year=0.05))["assessors"].iloc[0]
        for when in (None, "2018-12")
    )  # fmt: skip

    assert (old["low"], old["high"]) == pytest.approx((0.3, 0.7), abs=2e-3)
    assert (fresh["low"], fresh["high"]) == pytest.approx((0.4, 0.6), abs=2e-3)
    assert old["age_months"] == 24


def row(provider="EU", function="community", counts="full", strength=10, **more):
    return {"provider": provider, "area": "area0", "function": function, "strength": strength,
            "legal_basis": "treaty", "counts": counts, "basis": "given", **more}  # fmt: skip


def test_the_ledger_keeps_authorised_deployed_and_effective_apart(made):
    rows = [
        row(authorised=30, strength=20, **{"from": "2021-07", "until": "2021-12"}),
        row("community guards", strength=500),
        row("host military", strength=80),
    ]
    ledger = parts(made, others=rows)["ledger"].set_index("provider")

    assert ledger.loc["EU", ["authorised", "deployed", "effective"]].tolist() == [30, 20, 10]
    assert ledger.loc["community guards", "effective"] == 0.0
    assert ledger.loc["community guards", "reason"] == "assess.guards_never"
    assert ledger.loc["host military", "reason"] == "assess.military_not_counted"
    assert np.isnan(ledger.loc["host military", "authorised"])


def test_guards_hired_later_draw_officers_away_where_they_are_hired(made):
    drain = made.points(private_drain_share=0.5)

    def available(**dates):
        hired = [row("private", "static", strength=100, **dates)]
        given = made.inputs(made.areas(), [made.host("area0"), made.host("area1")],
                            others=hired, overrides={**made.CALM, **drain})  # fmt: skip
        table = made.measure(given).parts["institutions"].set_index(["institution", "measure"])
        assert table.loc[("*", "available"), "mid"] == table.loc[("police", "available"), "mid"]
        return table.loc[("police", "available"), "mid"]

    # Those who were there when the police were counted are in the count already.
    assert available() == pytest.approx(1400)
    assert available(**{"from": "2021-03"}) == pytest.approx(1350)


def test_causes_by_function_and_cell_sum_to_one(made):
    found = made.measure(made.inputs(made.areas(), [made.host(authorised=2000)])).parts
    players = ["numbers", "presence", "capability", "will", "structural"]

    for name, size in (("why_by_function", 13), ("why_by_cell", 39)):
        table = found[name]
        assert len(table) == size
        assert table[players].dropna().sum(axis=1).to_numpy() == pytest.approx(1.0)
    mentors = found["why_by_function"].set_index("function").loc["development"]
    assert mentors["structural"] == pytest.approx(1.0)  # police do not mentor themselves


def test_causes_by_function_weigh_up_to_those_of_the_theatre(made):
    known = made.inputs(made.areas(), [made.host(authorised=2000)], overrides=made.CALM)
    found = made.measure(known, draws=20)
    short = found.shortfall.isel(month=slice(0, 12)).mean(["month", "draw"]).sum("area")
    rows = found.parts["why_by_function"].set_index("function")["capability"].fillna(0.0)

    whole = float((rows * short.to_series()).sum() / short.sum())
    assert whole == pytest.approx(found.why["capability"], rel=1e-5)
