"""The table in docs/explanation/exercise.md is what docs/exercise_texture.py gives."""

import importlib.util
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[2] / "docs"


@pytest.fixture(scope="module")
def script(data):
    spec = importlib.util.spec_from_file_location("exercise_texture", DOCS / "exercise_texture.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.DATA = data
    return module


def test_the_page_shows_the_figures_of_the_script(script):
    page = (DOCS / "explanation/exercise.md").read_text(encoding="utf-8")
    by_province, by_area = script.worlds(1)
    tables = (
        (script.provinces_of("SSD"), script.provinces_of("CAF"), by_province[0]),
        (script.cells_of("SSD"), script.cells_of("CAF"), by_area[0]),
    )
    for found in tables:
        for name in script.SHOWN:
            figures = " | ".join(script.round_(one[name]) for one in found)
            assert f"| {script.MEASURES[name]} | {figures} |" in page


def test_real_counts_are_the_published_ones(script):
    texture = script.provinces_of("CAF")
    assert texture["areas"] == 17
    assert texture["months"] == 144
    assert texture["events_month"] * 144 == pytest.approx(1418)
