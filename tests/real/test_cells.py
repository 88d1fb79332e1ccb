"""PRIO-GRID cells as areas: the gap of South Sudan on 201 of them."""

import json
import math

import pytest
from typer.testing import CliRunner

from polgap.cli import app

SOURCES = {
    "ucdp_ged": "ucdp_ged_events/ged_SSD.csv.gz",
    "areas": "prio_grid/prio_grid_land_cells.csv.gz",
    "towns": "cities/geonames_cities1000_mission_countries.csv.gz",
    "population": "governance/wdi_population_2000_2023.csv.gz",
    "personnel": "un_p4p_contributions/p4p_mission_month_1990_2017.csv.gz",
}


def call(*arguments):
    done = CliRunner().invoke(app, [str(a) for a in arguments], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.stdout


def numbers(block):
    """Every number of a block."""
    if isinstance(block, dict):
        block = list(block.values())
    if isinstance(block, list):
        return [n for part in block for n in numbers(part)]
    return [block] if isinstance(block, (int, float)) else []


@pytest.fixture(scope="module")
def found(data, tmp_path_factory):
    folder = tmp_path_factory.mktemp("cells") / "ssd"
    given = [f"--source={k}={data / v}" for k, v in SOURCES.items()]
    call("init", folder, "--country", "SSD", "--mission", "UNMISS", "--until", "2020-12", *given)
    return json.loads(call("gap", folder, "--draws", 60, "--json"))["gap"]


def test_every_cell_has_its_gap(found):
    assert len(found["by_area"]) == 201
    assert all(row["area"].isdigit() for row in found["by_area"])
    assert all(math.isfinite(n) for n in numbers(found))
    for row in [*found["by_area"], *found["by_month"], *found["by_function"]]:
        assert 0 <= row["low"] <= row["mid"] <= row["high"]
    assert found["need"]["mid"] >= found["national_shortfall"]["mid"]
    assert found["mission_requirement"]["mid"] >= found["left_open"]["mid"]
    assert sum(found["why"].values()) == pytest.approx(1.0, abs=1e-4)
