"""The exercise as files: the import gives back the same tables."""

import json

import pandas as pd
import pytest

from polgap import examples
from polgap.domain import KINDS
from polgap.sources import import_sources

SHEETS = ("host_police", "willingness", "other_providers", "mandate", "pledges", "rules",
          "programmes", "personnel", "bases")  # fmt: skip


@pytest.fixture(scope="module")
def written(country, tmp_path_factory):
    folder = tmp_path_factory.mktemp("exercise")
    files = {}
    for name, (file, text) in examples.sources(country).items():
        files[name] = folder / file
        files[name].write_text(text, encoding="utf-8")
    return files


@pytest.fixture(scope="module")
def imported(country, written):
    return import_sources(examples.request(country, written))


@pytest.mark.parametrize("name", SHEETS)
def test_sheets_come_back_as_they_were(country, imported, name):
    there = imported.tables[name]
    here = getattr(country, name)[list(there.columns)]
    keys = list(there.columns[:4])
    pd.testing.assert_frame_equal(
        there.sort_values(keys, ignore_index=True),
        here.sort_values(keys, ignore_index=True),
        check_dtype=False,
    )


def test_areas_keep_key_shape_people_and_basis(country, imported):
    there = imported.tables["areas"].set_index("area")
    here = country.areas.set_index("area")
    assert there.index.tolist() == here.index.tolist()
    assert all(a.equals(b) for a, b in zip(there["geometry"], here["geometry"], strict=True))
    columns = ["name", "parent", "population", "population_basis", "km2"]
    pd.testing.assert_frame_equal(there[columns], here[columns], check_dtype=False)
    assert imported.capital == country.capital


def test_every_incident_is_read(country, imported):
    there = imported.tables["events"]
    assert len(there) == len(country.events)
    assert there["kind"].value_counts().to_dict() == country.events["kind"].value_counts().to_dict()
    lethal = country.events[country.events["kind"].isin(KINDS)]
    assert there.loc[there["kind"].isin(KINDS), "deaths"].sum() == lethal["deaths"].sum()


def test_the_truth_is_apart(country):
    hidden = json.loads(examples.truth_json(country))
    assert hidden["theatre"] == "Quelmora"
    assert len(hidden["panel"]["events"]["values"]) == 60
    assert not any("truth" in name for name in examples.sources(country))
    shown = "".join(text for _, text in examples.sources(country).values())
    assert "2026-02" not in {
        line.split(",")[1][:7] for line in shown.splitlines() if ",battle," in line
    }
