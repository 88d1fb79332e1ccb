"""A small theatre of three squares, from the samples, as request and as project folder."""

from pathlib import Path

import pytest

from polgap.domain import Study
from polgap.sources import ImportRequest, areas_geojson, import_sources

SAMPLES = Path(__file__).parents[2] / "samples"
BASE = {
    "ucdp_ged": "yearly_49.csv",
    "areas": "natural_earth.geojson",
    "towns": "geonames.csv",
    "population": "wdi.csv",
}


@pytest.fixture
def samples():
    return SAMPLES


@pytest.fixture
def ask():
    """Return a request for the base files, with sources replaced, added (name=file) or left out."""

    def make(*, without=(), columns=None, **changes):
        files = {n: SAMPLES / n / f for n, f in BASE.items() if n not in without}
        names = {k: v for k, v in changes.items() if isinstance(v, (str, Path)) and k in _NAMES}
        files |= {n: v if isinstance(v, Path) else SAMPLES / n / v for n, v in names.items()}
        rest = {k: v for k, v in changes.items() if k not in names}
        asked = {"theatre": "test", "until": "2020-12", "iso3": "SSD", "mission": "UNTEST"} | rest
        return ImportRequest(sources=files, columns=columns or {}, **asked)

    return make


_NAMES = (
    "ucdp_ged", "events", "areas", "towns", "population", "personnel", "bases", "host_police",
    "willingness", "other_providers", "mandate", "pledges", "rules", "programmes",
    "crime", "protests", "roads", "friction",
    "acled", "governance", "displacement", "airports", "event_counts",
)  # fmt: skip


def write(folder, imported):
    """Write an import as a project folder, as the store does."""
    (folder / "data").mkdir(parents=True)
    (folder / "geo").mkdir()
    for name, table in imported.tables.items():
        if name != "areas":
            table.to_csv(folder / "data" / f"{name}.csv", index=False, float_format="%.10g")
    text = areas_geojson(imported.tables["areas"])
    (folder / "geo" / "areas.geojson").write_text(text, encoding="utf-8")
    return folder


_IMPORTED = {}


@pytest.fixture
def project(ask, tmp_path):
    """Return a function that imports a request (once a session) and gives a project folder."""

    def make(**changes):
        key = repr(sorted(changes.items()))
        if key not in _IMPORTED:
            _IMPORTED[key] = import_sources(ask(**changes))
        return write(tmp_path / "project", _IMPORTED[key])

    return make


@pytest.fixture
def study():
    return Study("test", "2020-12", iso3="SSD", mission="UNTEST")
