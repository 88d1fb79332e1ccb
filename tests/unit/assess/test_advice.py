import numpy as np
import pytest

from polgap import catalogue
from polgap.assess import _advice
from polgap.assess._advice import Limits, verdict

AT = Limits(0.35, 0.5, 0.5, 0.05, 0.1)


def advised(made, police=None, willing=None, people=None, **overrides):
    ground = made.areas() if people is None else made.areas(people)
    known = made.inputs(ground, police, willing, overrides={**made.CALM, **overrides})
    table = made.measure(known).parts["advice"]
    return table.set_index(["institution", "area"])


def kind(advice):
    return catalogue.table("advice").set_index("advice").loc[advice]


@pytest.mark.parametrize(
    ("able", "willing", "harm", "short", "advice"),
    [
        (0.9, 0.2, 0.0, 0.5, "account"),
        (0.9, 0.9, 0.2, 0.5, "account"),
        (0.2, 0.2, 0.2, 0.0, "account"),
        (0.2, 0.9, 0.0, 0.5, "build"),
        (0.2, 0.9, 0.0, 0.0, "build"),
        (0.9, 0.9, 0.0, 0.5, "reinforce"),
        (0.9, 0.4, 0.0, 0.0, "reinforce"),
        (0.9, 0.9, 0.0, 0.0, "hand_over"),
    ],
)
def test_the_rule(able, willing, harm, short, advice):
    names = catalogue.table("advice")["advice"]
    point = [np.array(x) for x in (able, willing, harm, short)]

    assert names[int(verdict(AT, *point))] == advice


def test_the_able_but_unwilling_get_no_equipment_and_no_headcount(made):
    able = made.host(shares=1.0, operational=1000.0, available=1000.0)
    row = advised(made, [able], made.will(0.2)).loc["police", "*"]

    assert row["able_mid"] > 0.9
    assert row["advice"] == "account"
    assert row["reason"] == "advice.reason.unwilling"
    given = kind(row["advice"])
    assert not given["equipment"]
    assert not given["headcount"]
    assert not {"equipment", "headcount", "training", "pay"} & set(given["gives"].split())


def test_nothing_that_blocks_gives_and_only_the_willing_get_numbers():
    table = catalogue.table("advice").set_index("advice")

    assert table.loc["account", ["equipment", "headcount"]].tolist() == [0, 0]
    for row in table.to_dict("records"):
        assert row["headcount"] == ("headcount" in row["gives"].split())
        assert row["equipment"] >= ("equipment" in row["gives"].split())


def test_who_preys_is_held_off_however_willing_and_it_is_said(made):
    wild = made.points(host_harm_share=0.2)
    willing = made.will(0.9, names=[n for n in made.INDICATORS if n != "abuse_allegations"])
    known = made.inputs(made.areas(), None, willing, overrides={**made.CALM, **wild})
    found = made.measure(known)

    row = found.parts["advice"].iloc[0]
    assert (row["advice"], row["reason"]) == ("account", "advice.reason.predatory")
    (note,) = [n for n in found.notes if n.code == "assess.no_equipment"]
    assert note.values["harm"] == pytest.approx(20.0)


def test_just_below_the_limit_help_goes_step_by_step_and_the_chance_is_said(made):
    """No jump from all to nothing at the limit: what may be beyond it is helped in steps."""
    willing = made.will(0.9, names=[n for n in made.INDICATORS if n != "abuse_allegations"])
    near = {"host_harm_share": (0.0, 0.05, 0.2)}
    clear = {"host_harm_share": (0.0, 0.01, 0.02)}
    doubted = advised(made, None, willing, **near).iloc[0]
    trusted = advised(made, None, willing, **clear).iloc[0]

    assert doubted["harm_mean"] < doubted["limit_harm"]
    assert doubted["chance_held"] >= doubted["limit_doubt"]
    assert doubted["advice"] != "account" and doubted["conditional"]
    assert trusted["chance_held"] == 0 and not trusted["conditional"]


def test_the_chance_is_that_of_each_reason_and_of_either():
    willing, harm = np.array([0.2, 0.2, 0.6, 0.6, 0.6]), np.array([0.0, 0.0, 0.2, 0.2, 0.0])

    assert _advice._chances(AT, willing, harm) == {"held": 0.8, "unwilling": 0.4, "predatory": 0.4}


def test_a_place_assessed_apart_gets_advice_of_its_own(made):
    willing = [*made.will(0.8), *made.will(0.1, area="area2")]
    rows = advised(made, [made.host(shares=0.4)], willing)

    assert rows.loc[("police", "*"), "advice"] == "build"
    assert rows.loc[("police", "area2"), "advice"] == "account"
    assert ("police", "area1") not in rows.index


def test_the_element_most_often_missing_and_the_lowest_indicator_are_named(made):
    low = made.will(0.4, names=["lawful_orders"])
    rest = made.will(0.8, names=[n for n in made.INDICATORS if n != "lawful_orders"])
    row = advised(made, [made.host(shares=0.8, equipped=0.1)], [*low, *rest]).iloc[0]

    assert row["weakest"] == "equipped"
    assert row["lowest"] == "lawful_orders"


def test_how_sure_an_advice_is_falls_near_a_limit(made):
    clear = advised(made, None, made.will(0.1)).iloc[0]
    near = advised(made, None, made.will(0.36, spread=0.2)).iloc[0]

    assert clear["sure"] == 1.0
    assert near["sure"] < 0.95


def test_an_assumed_will_is_owned_up_to(made):
    assumed = advised(made, None, made.will(0.6, basis="assumed", spread=0.3)).iloc[0]

    assert (assumed["basis_able"], assumed["basis_willing"]) == ("given", "assumed")
    assert advised(made, None, []).iloc[0]["basis_willing"] == "assumed"


def test_without_police_there_is_no_advice(made):
    assert made.measure(made.inputs(made.areas(), [])).parts["advice"].empty


def test_every_reason_and_change_is_a_sentence_in_both_languages():
    codes = set(catalogue.message_codes())
    reasons = {"unwilling", "predatory", "both", "unable", "short", "covered"}

    assert {f"advice.reason.{r}" for r in reasons} <= codes
    assert {f"advice.change.{a}" for a in catalogue.table("advice")["advice"]} <= codes
    gives = {g for row in catalogue.table("advice")["gives"] for g in row.split()}
    assert {f"give.{g}" for g in gives} <= codes
