"""The page of plans against real missions: in two languages, true to its record, never boasting."""

import json
import re

import pytest

from polgap.brief import LANGUAGES, render_theatres
from polgap.errors import StudyError

ARMS = ("recommended", "actual", "population_spread", "status_quo")
METHODS = ("recommended", "population_spread", "actual", "actual_areas", "status_quo",
           "last_year", "towns", "polgap", "oracle")  # fmt: skip


def ends(mid, by=0.1):
    return {"low": mid * (1 - by), "mid": mid, "high": mid * (1 + by)}


def unmet(arm, ratio):
    return {
        "arm": arm, "officers": 1500.0, "requirement": ends(40_000.0), "unmet": ends(30_000.0),
        "served": ends(0.25), "above_actual": ends(-777.0), "ratio": ends(ratio), "bound": 1.0,
        "chance_less": 0.91, "violations": [],
    }  # fmt: skip


def sited(method):
    row = {"method": method, "sites": 17, "events": 89}
    for name in ("share_50km", "share_civilian_deaths", "share_population", "officers_50km"):
        known = name != "officers_50km" or method not in METHODS[5:]
        row[name] = ends(0.494) if known else None
        for beside in ("actual", "actual_areas"):
            row[f"{name}_above_{beside}"] = ends(0.133) if known else None
    return row


def counts(better, clear):
    return {"better": better, "clear": clear, "of": 1}


AREAS = [
    {"area": "A", "name": "Nardari", "phase": "fighting", "events": 7.0, "police": 90.0,
     "requirement": {"foreseen": 240.0, "happened": 310.0}, "officers": dict.fromkeys(ARMS, 90.0)},
    {"area": "B", "name": "Kelo", "phase": None, "events": 0.0, "police": 10.0,
     "requirement": {"foreseen": 60.0, "happened": 50.0}, "officers": dict.fromkeys(ARMS, 10.0)},
]  # fmt: skip
RECORD = {
    "schema": "polgap.theatres/1", "arms": list(ARMS), "left_out": [],
    "summary": {
        "theatres": 1, "less_unmet_foreseen": counts(1, 1), "less_unmet_happened": counts(1, 0),
        **{f"more_{n}_than_{b}": counts(0, 0) for n in ("events", "officers")
           for b in ("actual", "actual_areas")},
    },
    "theatres": [{
        "theatre": "ssd-2016-12", "country": "SSD", "mission": "UNMISS", "origin": "2016-12",
        "year": 2017, "draws": 1000, "seed": 1, "areas": AREAS,
        "strength": {"police": 1567.0, "formed_units": 6, "individual": 727, "formed_share": 0.56,
                     "formed_share_basis": "assumed", "bases": 17, "bases_before": 18,
                     "police_before": 1377.0},
        "unmet": {judged: [unmet(arm, 0.873 if arm == "recommended" else 1.02) for arm in ARMS]
                  for judged in ("foreseen", "happened")},
        "sites": [sited(method) for method in METHODS],
    }],
}  # fmt: skip
SQUARE = {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]]}
OUTLINES = {
    "ssd-2016-12": [
        {"area": a["area"], "name": a["name"], "lon": 0.5, "lat": 0.5, "geometry": SQUARE}
        for a in AREAS
    ]
}


def words(page):
    text = re.sub(r"<style.*?</style>|<[^>]+>", " ", page, flags=re.DOTALL)
    return re.sub(r"[\s\u202f\u00a0]+", " ", text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_asks_nothing_of_the_network_and_names_each_place_once(language):
    page = render_theatres(RECORD, OUTLINES, language)
    outside = page.replace('xmlns="http://www.w3.org/2000/svg"', "")
    assert not re.search(r"https?://|@import|<script|<img|url\((?!#)", outside)
    assert f'<html lang="{language}">' in page
    ids = re.findall(r'id="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert all(f'id="{link}"' in page for link in re.findall(r'href="#([^"]+)"', page))


@pytest.mark.parametrize(("language", "point"), [("en", "."), ("fr", ",")])
def test_the_numbers_are_those_of_the_record(language, point):
    said = words(render_theatres(RECORD, OUTLINES, language))
    for number in ("0.87", "0.49", "0.13"):
        assert number.replace(".", point) in said, number
    for text in ("UNMISS", "Nardari", "−780", "91", "310"):
        assert text in said, text
    other = json.loads(json.dumps(RECORD).replace("0.873", "0.111"))
    assert f"0{point}11" in words(render_theatres(other, OUTLINES, language))


@pytest.mark.parametrize(("language", "never"), [("en", "never shows"), ("fr", "ne montre jamais")])
def test_what_it_cannot_show_comes_before_the_first_case(language, never):
    page = render_theatres(RECORD, OUTLINES, language)
    assert never in words(page)
    assert page.index('<section id="cannot"') < page.index('<section id="case-0"')
    assert "RADPKO" in page


def test_without_outlines_events_or_a_record_of_bases_there_is_less_to_see():
    bare = json.loads(json.dumps(RECORD))
    bare["theatres"][0]["sites"] = []
    bare["left_out"] = [{"country": "CAF", "origin": "2014-12"}]
    page = render_theatres(bare, {}, "en")
    assert "map-recommended-0" not in page and "t-sites-0" not in page
    assert 'id="t-cases"' in page
    assert "CAF 2014-12" in words(page)
    with pytest.raises(StudyError, match="language"):
        render_theatres(RECORD, {}, "de")
