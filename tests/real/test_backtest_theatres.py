"""Whole plans against real missions: same units, real places, and nothing later than the origin."""

import gzip
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from polgap import forecast
from polgap.cli import app
from polgap.cli._theatres import theatre, theatres
from polgap.errors import DataError, StudyError
from polgap.forecast import Forecast
from polgap.sources import theatres as sources
from polgap.sources.placement import ground
from polgap.study import _backtest_theatres as room

ORIGIN = "2016-12"


def quick(study, panel, mapper=map):
    """Forecast by the last twelve months: the test is of plans, and is to be short."""
    drawn = forecast.futures(study, panel, "last12")
    return Forecast(drawn, (), pd.DataFrame(), "last12", ())


def made(folder, out):
    return replace(theatre(folder, "SSD", ORIGIN, out, draws=30), foresee=quick)


@pytest.fixture(scope="module")
def one(data, tmp_path_factory):
    return made(data, tmp_path_factory.mktemp("theatre"))


@pytest.fixture(scope="module")
def row(one):
    return room.compared(one)


def arms(row, judged):
    return {found["arm"]: found for found in row["unmet"][judged]}


def altered(data, folder):
    """Return a copy of the data in which all that is later than the origin is something else."""
    for name in (*sources.FILES.values(), sources.SPLIT, "prio_grid/prio_grid_land_cells.csv.gz"):
        path = name.format(iso3="SSD")
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).symlink_to(data / path)

    def rewrite(name, change):
        path = folder / name
        table = change(pd.read_csv(path, keep_default_na=False, dtype=str, low_memory=False))
        path.unlink()
        with gzip.open(path, "wt", encoding="utf-8") as file:
            table.to_csv(file, index=False)

    def events(table):
        later = table["date_end"].str[:7] > ORIGIN
        table.loc[later, ["longitude", "latitude"]] = ["28.0", "8.0"]
        table.loc[later, ["best", "deaths_civilians"]] = ["77", "77"]
        return table

    def bases(table):
        later = (table["mission"] == "UNMISS") & (table["year"].astype(int) > 2016)
        for _, part in table[later].groupby("year"):
            table.loc[part.index, "unpol"] = part["unpol"].to_numpy()[::-1]
        return table

    rewrite("ucdp_ged_events/ged_SSD.csv.gz", events)
    rewrite(sources.FILES["bases"], bases)
    return folder


def test_present_units_stand_where_the_bases_of_the_year_before_had_the_police(one):
    pledges, real = one.inputs.pledges, one.mission
    heads = pledges["number"] * pledges["unit_type"].map({"FPU": 140, "IPO": 1})
    here = heads.groupby(pledges["area"]).sum().reindex(one.inputs.areas["area"]).fillna(0.0)
    seen = sources.police_by_area(real.before, one.inputs.areas)
    assert set(pledges["readiness"]) == {"in_mission"}
    assert heads.sum() == pytest.approx(real.police, abs=1)
    np.testing.assert_allclose(here, seen * real.police / seen.sum(), atol=70)  # half a unit


def test_nothing_in_the_project_is_later_than_the_origin(one):
    assert one.inputs.panel["month"].values[-1] == ORIGIN
    assert one.study.origin == ORIGIN
    assert one.came["month"].values.tolist() == one.study.report_months
    assert float(one.came["events"].sum()) > 50


def test_every_arm_has_the_same_units_and_the_first_block_in_common(row):
    for judged in ("foreseen", "happened"):
        assert len({round(a["officers"], 6) for a in arms(row, judged).values()}) == 1
    for area in row["areas"]:
        assert area["officers"]["actual"] == pytest.approx(area["police"], abs=70)


def test_the_plan_is_no_worse_than_any_other_place_by_its_own_measure(row):
    found = arms(row, "foreseen")
    assert found["recommended"]["violations"] == []
    for name in ("population_spread", "status_quo"):
        assert found["recommended"]["unmet"]["mid"] <= found[name]["unmet"]["mid"]
    assert found["actual"]["above_actual"] == {"low": 0.0, "mid": 0.0, "high": 0.0}


def test_real_bases_score_as_in_the_placement_test(row):
    sites = {s["method"]: s for s in row["sites"]}
    assert sites["actual"]["sites"] == 17 and sites["actual"]["events"] == 89
    assert sites["actual"]["share_50km"]["mid"] == pytest.approx(0.292, abs=5e-4)
    assert sites["oracle"]["share_50km"]["mid"] == pytest.approx(0.562, abs=5e-4)
    assert sites["recommended"]["share_50km"]["mid"] <= sites["oracle"]["share_50km"]["mid"]


def test_what_came_later_changes_no_plan(one, row, data, tmp_path):
    other = made(altered(data, tmp_path / "data"), tmp_path / "out")
    assert other.mission.police == pytest.approx(one.mission.police)
    assert float(other.came["events"].sum()) > 0

    study = replace(other.study, forecast_months=other.study.months)
    seen = quick(study, other.inputs.panel).futures
    again = room.unmet_rows(room.plans(other, room.ground(study, other.inputs, seen)))

    before, after = arms(row, "foreseen"), {found["arm"]: found for found in again}
    for name in ("recommended", "population_spread", "status_quo"):
        assert after[name]["unmet"] == before[name]["unmet"], name
    assert after["actual"]["unmet"] != before["actual"]["unmet"]
    assert not other.came["events"].equals(one.came["events"])


def test_the_share_of_formed_units_is_the_published_one_while_there_was_one(data):
    here = ground(data, "SSD")
    told = sources.mission(data, here, "2014-12")
    assert (told.share_basis, round(told.formed_share, 3)) == ("given", 0.389)
    assert sources.mission(data, here, ORIGIN).share_basis == "assumed"


def test_a_year_without_bases_is_left_out_and_alone_is_refused(data, tmp_path):
    def call(*more):
        given = ["backtest", "--preset", "theatres", "--data", data, "--out", tmp_path, *more]
        CliRunner().invoke(app, [str(a) for a in given], catch_exceptions=False)

    with pytest.raises(DataError, match="MINUSCA") as refused:
        call("--country", "CAF", "--origin", "2014-12")
    assert refused.value.problems[0].code == "outside_coverage"
    with pytest.raises(StudyError, match="each once"):
        call("--country", "SSD", "--origin", "2016-12,2016-12")
    with pytest.raises(StudyError, match="soon"):
        call("--country", "SSD", "--origin", "soon")
    with pytest.raises(StudyError, match="--leak-test"):
        call("--country", "SSD", "--origin", ORIGIN, "--leak-test")
    left_out = []
    ahead = theatres(data, ["CAF"], ["2014-12", ORIGIN], tmp_path, left_out, lambda _: None)
    assert next(ahead).study.theatre == "caf-2016-12"
    assert left_out == [{"country": "CAF", "origin": "2014-12"}]
    with pytest.raises(DataError, match="2016-11"):
        sources.mission(data, ground(data, "SSD"), "2016-11")
