"""A caveat splits a unit type into classes: every step of a run has to take them."""

from dataclasses import replace

from polgap import examples, study


def test_a_run_goes_through_with_a_caveat_on_one_pledge_alone():
    asked, given = examples.toy(draws=50)
    formed = given.pledges.index[given.pledges["unit_type"] == "FPU"]
    pledges = given.pledges.copy()
    pledges["caveats"] = pledges["caveats"].astype(object)
    pledges.loc[formed[0], "caveats"] = "no_crowd_control"
    found = study.run(asked, replace(given, pledges=pledges))

    assert {o["name"] for o in found.blocks["options"]} >= {"status_quo", "recommended"}
    assert found.details["force"]["calls"]
