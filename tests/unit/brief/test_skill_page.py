"""The pages of the forecast: self-contained, in two languages, and true to their record."""

import json
import re

import pytest

from polgap.brief import LANGUAGES, render_forecast, render_skill
from polgap.errors import StudyError


def band(low):
    return {"q05": low, "q10": low, "q25": low + 1, "q50": low + 2, "q75": low + 3,
            "q90": low + 4, "q95": low + 5}  # fmt: skip


def ends(name, mid):
    return {name: mid, f"{name}_low": mid - 0.1, f"{name}_high": mid + 0.1}


def scores(model, window, ratio):
    row = {"model": model, "window": window, "n": 2292, "crps": 47.0}
    for name in ("ratio_crps", "ratio_ign", "ratio_mis", "ratio_crps_without_top10"):
        row |= ends(name, ratio)
    bins = [("0-1", 1800, 0.99), ("1-5", 300, 0.918), ("5-25", 192, 0.934)]
    row["coverage90"] = [
        {"bin": b, "n": n, "coverage": c, "width": 12.5, "mis": 21.5, "pit_distance": 0.0051,
         "pit_band99": 0.0175}
        for b, n, c in bins
    ]  # fmt: skip
    return row


FAN = {
    "history": [{"month": f"2021-{m:02d}", "deaths": 10.0 * m} for m in range(1, 11)],
    "forecast": [{"month": f"2022-{m:02d}", "actual": 7.0, **band(3.0)} for m in range(1, 13)],
    "made_of": [{"area": "Chad", "month": "2006-04", "weight": 0.321, "count": 41.0}],
}
RECORD = {
    "schema": "polgap.skill/1", "windows": [2021, 2022], "lag": 3, "draws": 1000,
    "default": "pooled_mixture", "baseline": "country12", "scored": "final", "known": "October",
    "rows": [scores(m, w, r) for m, r in (("pooled_mixture", 0.734), ("country12", 1.0))
             for w in ("2021", "2022", "pooled")],
    "breakdown": [
        {"by": by, "value": v, "n": 1146, **ends("ratio_crps", 0.87), "ratio_crps_months_low": 0.8,
         "ratio_crps_months_high": 0.9, **ends("ratio_crps_without_top10", 0.8), "ratio_ign": 0.79,
         "ratio_mis": None}
        for by, v in (("year", "2021"), ("region", "AF"), ("horizon", "3"), ("level", "1000+"))
    ],
    "pit": {m: [{"cells": "from_1", "n": 492, "share": [0.1] * 10}]
            for m in ("pooled_mixture", "country12")},
    "misses": [{"country": "Ethiopia", "month": "2021-10", "actual": 113554.0, "low": 0.0,
                "high": 900.0, "mean": 210.0, "crps": 113000.0, "crps_baseline": 113100.0,
                "share_of_error": 0.31}],
    "do_not_trust": [{"country": "Yemen", "n": 24, "excess_crps": 512.0,
                      **ends("ratio_crps", 1.21)}],
    "value": [{"quantity": "peak12", "level": 0.8, "n": 382, **ends("ratio_cost", 0.913),
               **ends("ratio_cost_without_top10", 0.822)}],
    "fans": [{"country": "Sudan", **FAN}],
}  # fmt: skip
BLOCK = {
    "schema": "polgap.result/1", "model": "mixture", "fan": [], "notes": [],
    "study": {"theatre": "Aloseme", "origin": "2021-10", "first_month": "2021-11", "months": 12,
              "basis": "exercise"},
    "skill": [{"target": "deaths", "model": "mixture", "baseline": "last12", "origins": 9,
               "ratio_crps": 0.918, "low": 0.9, "high": 0.94, "coverage90": 0.933}],
    "total": {"months": 12, "low": 120.0, "mid": 345.0, "high": 987.0, "last12": 411.0},
    "areas": [{"area": "A1", "name": "Nardari", **FAN,
               "forecast": [{"month": f"2021-{m:02d}", **band(3.0)} for m in (11, 12)],
               "made_of": [{"area": "A1", "month": "2021-10", "weight": 0.25, "count": 100.0}]}],
    "since": {"run": "r0001", "origin": "2021-04", "months": ["2021-11", "2021-12"],
              "then": {"mean": 820.0, "low": 100.0, "mid": 600.0, "high": 1700.0},
              "model": {"change": 0.0, "error": 0.0}, "revision": {"change": -45.0, "error": 12.0},
              "data": {"change": -247.0, "error": 13.0},
              "now": {"mean": 530.0, "low": 170.0, "mid": 390.0, "high": 1096.0},
              "by_area": [{"area": "A1", "then": 820.0, "model": 0.0, "revision": -45.0,
                           "data": -245.0, "now": 530.0}]},
}  # fmt: skip
BLOCK["since"]["by_area"][0]["name"] = "Nardari"
PAGES = {"skill": (render_skill, RECORD), "forecast": (render_forecast, BLOCK)}


def words(page):
    text = re.sub(r"<style.*?</style>|<[^>]+>", " ", page, flags=re.DOTALL)
    return re.sub(r"[\s\u202f\u00a0]+", " ", text)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", PAGES)
def test_a_page_asks_nothing_of_the_network(kind, language):
    render, record = PAGES[kind]
    page = render(record, language)
    outside = page.replace('xmlns="http://www.w3.org/2000/svg"', "")
    assert not re.search(r"https?://|@import|<script|<img|url\((?!#)", outside)
    assert f'<html lang="{language}">' in page
    assert len(re.findall(r'id="([^"]+)"', page)) == len(set(re.findall(r'id="([^"]+)"', page)))


@pytest.mark.parametrize("kind", PAGES)
def test_a_page_is_made_from_its_record_as_json(kind):
    render, record = PAGES[kind]
    assert render(json.loads(json.dumps(record)), "en") == render(record, "en")
    with pytest.raises(StudyError, match="language"):
        render(record, "de")


@pytest.mark.parametrize(("language", "point"), [("en", "."), ("fr", ",")])
def test_the_numbers_of_a_skill_page_are_those_of_the_record(language, point):
    said = words(render_skill(RECORD, language))
    ratios = ("0.73", "0.87", "1.2", "0.91", "0.82")
    for number in (*(r.replace(".", point) for r in ratios), "Ethiopia", "Yemen", "Sudan", "Chad"):
        assert number in said, number
    assert ("32 %" if language == "fr" else "32%") in said  # weight of the case
    other = json.loads(json.dumps(RECORD).replace("0.734", "0.111"))
    assert f"0{point}11" in words(render_skill(other, language))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_forecast_page_tells_the_changes_with_their_signs(language):
    said = words(render_forecast(BLOCK, language))
    for number in ("820", "−45", "−250", "530", "Nardari"):
        assert number in said, number
    without = {k: v for k, v in BLOCK.items() if k != "since"}
    assert "−45" not in words(render_forecast(without, language))


def test_nothing_is_said_where_the_record_is_empty():
    bare = {**RECORD, "fans": [], "misses": [], "do_not_trust": [], "value": [], "breakdown": [],
            "pit": {}}  # fmt: skip
    said = words(render_skill(bare, "en"))
    assert "no country where the simple rule" in said
    assert "Yemen" not in said
