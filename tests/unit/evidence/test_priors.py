import numpy as np
import pandas as pd
import pytest

from polgap import catalogue
from polgap.domain import GOVERNANCE, NOBODY, check_table, empty_table
from polgap.evidence.priors import _at_least, on_scale, priors, with_priors

ORIGIN = "2020-06"


def series(indicator="RL.EST", value=-1.5, year=2019, iso3="XEX"):
    return {"iso3": iso3, "year": year, "indicator": indicator, "value": value, "source": "test"}


def table(*rows):
    return check_table("governance", pd.DataFrame(rows)) if rows else empty_table("governance")


def will(indicator="lawful_orders", level=0.6, spread=0.1, area="*", role="adviser", **more):
    return {"institution": "police", "area": area, "indicator": indicator, "low": level - spread,
            "mid": level, "high": level + spread, "assessor_role": role, "evidence_grade": "B",
            "as_of": "2020-01", "basis": "given", **more}  # fmt: skip


def assessed(*rows):
    return check_table("willingness", pd.DataFrame(rows)) if rows else empty_table("willingness")


def test_a_better_governed_country_has_a_higher_prior_of_everything():
    ends = {"share": (0.2, 0.8), "reversed": (0.8, 0.2), "score": (-2.0, 1.0)}
    lines = catalogue.table("governance").drop_duplicates("series")
    for name, scale in zip(lines["series"], lines["scale"], strict=True):
        worse, better = (priors(table(series(name, v)), "XEX", ORIGIN) for v in ends[scale])

        assert len(worse) == 5
        assert (worse["mid"] < better["mid"]).all(), name


def test_the_series_that_says_most_is_taken_at_its_last_year_over():
    known = table(series(year=2018), series(year=2020), series("v2x_clphy", 0.9, 2016))
    found = priors(known, "XEX", ORIGIN).set_index("indicator")

    assert found.loc["abuse_allegations", "series"] == "v2x_clphy"
    assert found.loc["abuse_allegations", "mid"] == pytest.approx(0.9)
    assert found.loc["lawful_orders", "series"] == "wgi_rule_of_law"
    assert found.loc["lawful_orders", "year"] == 2018  # 2020 is not over in June
    assert priors(known, "XEX", "2020-12").set_index("indicator").loc["lawful_orders", "year"] == (
        2020
    )


def test_a_series_of_another_country_says_nothing():
    assert priors(table(series(iso3="XEY")), "XEX", ORIGIN).empty
    assert priors(table(series(), series(iso3="XEY")), "", ORIGIN).empty
    assert len(priors(table(series()), "", ORIGIN)) == 5


def test_only_a_width_that_was_fitted_is_narrower_and_never_below_that_between_constructs():
    lines = catalogue.table("governance")
    own = lines[(lines["constant"] == 0) & (lines["slope"] == 1)]

    assert len(own) == 5
    assert own["sd"].nunique() == 1
    assert (lines["sd"] >= own["sd"].iloc[0]).all()
    assert (lines["mark"] == "COMPUTED").all()


def test_where_nobody_assessed_the_prior_stands_in_and_says_so():
    filled, notes = with_priors(assessed(), ["police"], table(series()), "XEX", ORIGIN)

    assert len(filled) == 5
    assert set(filled["assessor_role"]) == {GOVERNANCE}
    assert set(filled["area"]) == {"*"}
    assert set(filled["basis"]) == {"computed"}
    assert set(filled["as_of"]) == {"2019-12"}
    assert [n.code for n in notes] == ["evidence.willing_prior"]
    for language in ("en", "fr"):
        assert "2019" in catalogue.message(notes[0].code, language, **notes[0].values)


def test_an_assessment_stays_and_wins_where_it_was_made():
    mine = [will(), will("abuse_allegations", area="north")]
    filled, _ = with_priors(assessed(*mine), ["police"], table(series()), "XEX", ORIGIN)

    orders = filled[filled["indicator"] == "lawful_orders"]
    abuse = filled[filled["indicator"] == "abuse_allegations"]
    assert orders["assessor_role"].tolist() == ["adviser"]
    assert abuse["area"].tolist() == ["north", "*"]
    assert abuse["assessor_role"].tolist() == ["adviser", GOVERNANCE]


def test_what_the_import_assumed_gives_way_and_what_a_planner_assumed_does_not():
    rows = [will(role=NOBODY, basis="assumed"),
            will("abuse_allegations", role="planner", basis="assumed")]  # fmt: skip
    filled, _ = with_priors(assessed(*rows), ["police"], table(series()), "XEX", ORIGIN)

    roles = dict(zip(filled["indicator"], filled["assessor_role"], strict=True))
    assert roles["lawful_orders"] == GOVERNANCE
    assert roles["abuse_allegations"] == "planner"
    assert NOBODY not in set(filled["assessor_role"])


def test_without_series_all_is_as_before():
    rows = assessed(will())
    filled, notes = with_priors(rows, ["police"], table(), "XEX", ORIGIN)

    assert filled is rows
    assert notes == ()


@pytest.mark.parametrize("spread", [0.0, 0.1, 0.3, 0.4])
def test_a_prior_is_never_narrower_than_an_assessment(spread):
    mine = assessed(will(level=0.5, spread=spread, area="north"))
    filled, _ = with_priors(mine, ["police"], table(series("v2x_rule", 0.05)), "XEX", ORIGIN)

    rows = filled[filled["indicator"] == "lawful_orders"].set_index("area")
    width = rows["high"] - rows["low"]
    assert width["*"] >= width["north"] - 1e-9
    assert (filled["low"] <= filled["mid"]).all()
    assert (filled["mid"] <= filled["high"]).all()


@pytest.mark.parametrize("value", [0.0, 0.03, 0.5, 0.97, 1.0])
def test_even_the_worst_and_the_best_country_leave_room(value):
    filled, _ = with_priors(assessed(), ["police"], table(series("v2x_rule", value)), "XEX", ORIGIN)

    assert (filled["high"] - filled["low"]).min() >= 0.4 - 1e-9
    assert filled[["low", "mid", "high"]].to_numpy().min() >= 0
    assert filled[["low", "mid", "high"]].to_numpy().max() <= 1


def test_a_range_widens_to_the_other_side_at_an_end():
    assert _at_least(0.0, 0.2, 0.5) == pytest.approx((0.0, 0.5))
    assert _at_least(0.8, 1.0, 0.5) == pytest.approx((0.5, 1.0))
    assert _at_least(0.3, 0.4, 3.0) == (0.0, 1.0)


def test_scales_rise_with_better_government():
    up = np.linspace(0, 1, 11)

    assert (np.diff(on_scale(up, "share")) >= 0).all()
    assert (np.diff(on_scale(up, "reversed")) <= 0).all()
    assert (np.diff(on_scale(up, "score")) > 0).all()
