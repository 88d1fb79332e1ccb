"""Panels below the country from the real event files."""

import json

import numpy as np
import pytest
from typer.testing import CliRunner

from polgap.cli import app
from polgap.domain import KINDS
from polgap.errors import StudyError
from polgap.sources.subnational import subnational


@pytest.mark.parametrize(("unit", "areas"), [("adm1", 10), ("cells", 201)])
def test_south_sudan_by_area_and_by_cell(data, unit, areas):
    panel = subnational(data, "SSD", unit)
    assert panel.sizes == {"area": areas, "month": 114}
    assert panel["month"].values[[0, -1]].tolist() == ["2011-07", "2020-12"]
    deaths = sum(float(panel[k].sum()) for k in KINDS)
    assert 12_000 < deaths < 13_000  # the file's 12,7xx less what lies outside the outlines
    assert not any(np.isnan(v.to_numpy()).any() for v in panel.data_vars.values())
    assert {"lon", "lat"} <= set(panel.coords)


def test_an_unknown_unit_is_refused(data):
    with pytest.raises(StudyError, match="adm1, cells"):
        subnational(data, "SSD", "adm3")


def test_the_default_beats_the_own_past_in_the_preset(data, tmp_path):
    asked = ["backtest", "--preset", "subnational", "--data", str(data), "--country", "CAF",
             "--unit", "adm1", "--out", str(tmp_path), "--json"]  # fmt: skip
    done = CliRunner().invoke(app, asked, catch_exceptions=False)
    assert done.exit_code == 0
    record = json.loads(done.stdout)
    assert record == json.loads((tmp_path / "skill.json").read_text("utf-8"))
    pooled = {r["model"]: r for r in record["rows"] if r["window"] == "pooled"}
    assert pooled["last12"]["ratio_crps"] == 1.0
    assert pooled["mixture"]["ratio_crps_high"] < 1.0
    assert pooled["mixture"]["n"] == 17 * 6 * 12
    [own, _] = record["means"]
    assert own["ratio_crps"] == pooled["mixture"]["ratio_crps"]


@pytest.mark.parametrize(("option", "named"), [("--country=", "country"), ("--unit=adm9", "unit")])
def test_a_preset_names_the_option_that_is_wrong(data, tmp_path, option, named):
    asked = ["backtest", "--preset", "subnational", "--data", str(data), "--out", str(tmp_path)]
    given = [option] if "country" in option else [option, "--country=SSD"]
    with pytest.raises(StudyError, match=named):
        CliRunner().invoke(app, [*asked, *given], catch_exceptions=False)
