import numpy as np
import pandas as pd
import pytest

from polgap import catalogue
from polgap.draws import Parameters
from polgap.errors import LabelError
from polgap.rebuild import growth, project
from polgap.rebuild._criteria import run_share


@pytest.fixture
def run(study, inputs, assessment, posture, theta, change):
    def build(given=None, rung="reinforce", theta=theta, **tables):
        return project(study, change(inputs, **tables), given or assessment(), posture(rung), theta)

    return build


def row(found, area):
    return next(r for r in found.rows if r["area"] == area)


def middle(found, area, column):
    return found.path[found.path["area"] == area][f"{column}_mid"].to_numpy()


def test_a_ready_area_is_handed_over_at_once(run, study):
    found = row(run(), "east")
    assert found["earliest"] == study.first_month
    assert found["confidence"] >= 0.8
    assert found["criteria"]["response"] == 1.0


@pytest.mark.parametrize(
    ("criterion", "tables"),
    [
        ("certified", {"vetted": 0.3}),
        ("logistics", {"equipped": 0.1}),
    ],
)
def test_an_area_that_fails_one_criterion_is_not_cleared(run, host, criterion, tables):
    found = row(run(host_police=host(tables)), "east")
    assert found["earliest"] is None
    assert found["criteria"][criterion] < 0.5
    assert min(v for k, v in found["criteria"].items() if k != criterion) >= 0.8


def test_an_unstable_institution_is_not_cleared(run, willing):
    rows = willing(("police", "*", 0.8, 0.85, 0.9))
    rows.loc[rows["indicator"] == "accountability_body", ["low", "mid", "high"]] = 0.2
    found = row(run(willingness=rows), "east")
    assert found["earliest"] is None
    assert found["criteria"]["stability"] < 0.5


def test_an_area_that_cannot_respond_is_not_cleared(run, assessment):
    found = run(assessment(need=[100.0, 1000.0, 100.0]))
    assert row(found, "east")["earliest"] is None
    assert row(found, "east")["criteria"]["response"] == 0.0
    assert row(found, "west")["earliest"] is not None


def test_growth_under_support_makes_an_area_ready_later(run, assessment, study):
    found = row(run(assessment(need=100.0, host=80.0)), "east")
    assert found["earliest"] is not None
    assert found["earliest"] > study.first_month


def test_without_support_the_police_shrink(run):
    found = run(rung="monitor")
    assert (np.diff(middle(found, "east", "roll")) < 0).all()
    assert "rebuild.no_support" in [note.code for note in found.notes]


def test_able_but_unwilling_gets_neither_headcount_nor_equipment(run, host, willing):
    unwilling = willing(("police", "*", 0.1, 0.2, 0.3))
    found = run(host_police=host({"equipped": 0.4}), willingness=unwilling)
    assert (np.diff(middle(found, "east", "roll")) < 0).all()
    assert row(found, "east")["criteria"]["logistics"] < 0.1
    helped = run(host_police=host({"equipped": 0.4}))
    assert row(helped, "east")["criteria"]["logistics"] > 0.3
    note = next(n for n in found.notes if n.code == "rebuild.unwilling")
    assert note.values == {"areas": 3}


def test_growth_is_net_of_losses_and_stops_at_the_posts_authorised(run, host):
    fixed = {"host_growth_year": (0.14,) * 3, "capture_growth_loss_share": (0.0,) * 3}
    theta = Parameters(catalogue.parameters(), 5, 200, fixed)
    free = middle(run(theta=theta), "east", "roll")
    assert free[12] / free[0] == pytest.approx(np.exp(0.14), rel=1e-6)
    capped = middle(run(theta=theta, host_police=host({"authorised": 990})), "east", "roll")
    assert capped[-1] / free[0] == pytest.approx(1.1 / np.exp(0.14 / 12), rel=1e-6)


def test_reversal_is_rare_with_officers_to_spare_and_sure_without(run, assessment):
    found = run(assessment(need=[1.0, 1000.0, 1.0]))
    assert row(found, "west")["reversal"] == {"low": 0.0, "mid": 0.0, "high": 0.0}
    assert row(found, "east")["reversal"] == {"low": 1.0, "mid": 1.0, "high": 1.0}


def test_support_that_ends_can_turn_a_hand_over_back(run, assessment):
    fixed = {"host_attrition_year": (0.4,) * 3}
    theta = Parameters(catalogue.parameters(), 5, 200, fixed)
    slow = row(run(assessment(need=100.0, host=80.0)), "east")
    fast = row(run(assessment(need=100.0, host=80.0), theta=theta), "east")
    assert slow["earliest"] == fast["earliest"]
    assert fast["reversal"]["mid"] > slow["reversal"]["mid"]


def test_the_institutional_line_is_the_shortfall_of_the_unsupported_path(run, assessment, theta):
    found = run(assessment(need=100.0, host=50.0)).institutional
    kept = (1 - theta["host_attrition_year"]) ** (12 / 12)
    mentors = 1000.0
    expected = np.quantile(3 * (mentors + 100 - 50 * kept), [0.1, 0.5, 0.9])
    assert found.iloc[11][["low", "mid", "high"]].tolist() == pytest.approx(expected.tolist())


def test_an_area_without_host_police_is_never_cleared(run, host):
    found = run(host_police=host({"area": "east"}))
    assert row(found, "west")["earliest"] is None
    assert set(row(found, "west")["criteria"].values()) == {0.0}
    note = next(n for n in found.notes if n.code == "rebuild.no_host")
    assert note.values == {"areas": 2}


def test_no_host_police_at_all_is_said_not_hidden(run, host):
    found = run(host_police=host().iloc[:0])
    assert [r["earliest"] for r in found.rows] == [None] * 3
    assert len(found.path) == 0
    assert "rebuild.no_host" in [note.code for note in found.notes]


def test_the_path_has_ordered_ends(run, study):
    path = run().path
    assert path["month"].tolist() == study.all_months * 3
    for name in ("roll", "operational", "effective"):
        ends = path[[f"{name}_low", f"{name}_mid", f"{name}_high"]].to_numpy()
        assert (np.diff(ends, axis=1) >= 0).all()
    assert (path["effective_mid"] < path["operational_mid"]).all()


def test_blocks_of_areas_change_nothing(run, monkeypatch):
    whole = run()
    monkeypatch.setattr("polgap.rebuild._handover._BLOCK_CELLS", 1)
    parts = run()
    assert parts.rows == whole.rows
    pd.testing.assert_frame_equal(parts.path, whole.path)
    pd.testing.assert_frame_equal(parts.institutional, whole.institutional)


def test_other_labels_are_refused(run, assessment, change):
    given = assessment()
    with pytest.raises(LabelError, match="areas"):
        run(change(given, need=given.need.isel(area=[1, 0, 2])))
    with pytest.raises(LabelError, match="draws"):
        run(change(given, need=given.need.isel(draw=[0, 1])))


def test_every_note_has_its_sentence(run, host, willing):
    found = run(host_police=host({"area": "east", "vetted": 400, "trained": 300, "equipped": 200,
                                  "paid": 200, "in_reach": 100}),
                willingness=willing(), rung="monitor")  # fmt: skip
    codes = [note.code for note in found.notes]
    assert {"rebuild.nested", "rebuild.will_assumed", "rebuild.none_ready"} <= set(codes)
    for note in found.notes:
        for language in ("en", "fr"):
            assert catalogue.message(note.code, language, **note.values)


def test_a_run_must_be_unbroken():
    held = np.array([True, True, False, True, True, True])[:, None]
    assert run_share(held, 3).tolist() == [0.0, 0.0, 0.0, 1.0]
    assert run_share(held[:2], 3).tolist() == [1.0]


def test_police_grow_as_far_as_the_mentors_reach(run, study, inputs, assessment, posture, theta):
    given = study, inputs, assessment(), posture("reinforce"), theta

    areas = inputs.areas["area"].tolist()

    def last(share):
        found = project(*given, None if share is None else dict.fromkeys(areas, share))
        return found, float(found.path["effective_mid"].to_numpy()[-1])

    (everybody, most), (_, all_of_them), (_, half), (nobody, least) = map(
        last, (None, 1.0, 0.5, 0.0)
    )
    assert most == all_of_them > half > least
    below = project(study, inputs, assessment(), posture("monitor"), theta)
    assert nobody.path.equals(below.path)
    codes = [note.code for note in everybody.notes], [note.code for note in nobody.notes]
    assert "rebuild.mentored" not in codes[0] and "rebuild.mentored" in codes[1]


def test_what_mentoring_brings_is_the_difference_it_makes(
    study, inputs, assessment, posture, theta
):
    gained = growth(study, inputs, assessment(), posture("reinforce"), theta)
    assert (gained >= 0).all() and float(gained.isel(month=-1).sum()) > 0
    assert (np.diff(gained.sum("area").values) >= -1e-6).all()
    none = growth(study, inputs, assessment(), posture("monitor"), theta)
    assert not none.any()
