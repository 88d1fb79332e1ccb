"""One battery over the remotes: whole, broken off, changed, without token, without network."""

import csv
import io
import json
import os
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from polgap.cli import app
from polgap.errors import DataError, PolGapError
from polgap.sources import SOURCES
from polgap.sources._sidecar import beside, sidecar_of
from polgap.sources.base import Context
from polgap.sources.fetch import BY_HAND, REMOTES, Wish, fetch, remote
from polgap.sources.fetch.remotes import hapi as hapi_module

TESTS = Path(__file__).parents[3]
ANSWERS, SAMPLES = TESTS / "answers", TESTS / "samples"
TOKEN = "t0ken-of-a-test"
BOUNDARY = "github.com/wmgeolab/geoBoundaries/raw/abc/releaseData/gbOpen/SSD/ADM1"
WISHES = {
    "ucdp": Wish("SSD", "2020-03", version="20.1"),
    "ucdp_api": Wish("SSD", "2020-12"),
    "hapi": Wish("SSD", "2020-12"),
    "cod_ab": Wish("SSD", level=2),
    "cod_ps": Wish("SSD", "2020-12", level=2),
    "un_police": Wish("", "2020-12", mission="UNTEST"),
}
ROWS = {"ucdp": 6, "ucdp_api": 5, "hapi": 16, "geoboundaries": 3, "cod_ab": 3, "cod_ps": 3,
        "world_bank_population": 2, "world_bank_governance": 13, "idmc": 4, "un_police": 6,
        "ourairports": 5}  # fmt: skip


def answer(name):
    return (ANSWERS / name).read_bytes()


def sample(name):
    return (SAMPLES / name).read_bytes()


def packed(*members):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, raw in members:
            archive.writestr(name, raw)
    return out.getvalue()


def site(name):
    """Return what a remote's service answers: address -> body, or bodies by a part of the query."""
    ucdp, hdx = "ucdp.uu.se/downloads", "data.humdata.org/dataset/d/resource/r/download"
    bank = "api.worldbank.org/v2/country/SSD/indicator"
    airports = "davidmegginson.github.io/ourairports-data"
    package = "data.humdata.org/api/3/action/package_show"
    outlines = sample("areas/geoboundaries.geojson"), sample("areas/cod_ab.geojson")
    shapes = packed(("a/ssd_admin2_em.geojson", b"{}"), ("a/ssd_admin1.geojson", outlines[0]),
                    ("a/ssd_admin2.geojson", outlines[1]))  # fmt: skip
    release = packed(("GEDEvent_v20_1.csv", sample("ucdp_ged/yearly_49.csv")))
    monthly = {f"{ucdp}/candidateged/GEDEvent_v20_0_{m}.csv": sample("ucdp_ged/candidate.csv")
               for m in (1, 2, 3)}  # fmt: skip
    indicators = {f"{bank}/GOV_WGI_{c}.{end}": answer(f"world_bank/{file}.json")
                  for c in ("VA", "PV", "GE", "RQ", "RL", "CC")
                  for end, file in (("EST", "estimate"), ("SE", "error"))}  # fmt: skip
    return {
        "ucdp": {f"{ucdp}/ged/ged201-csv.zip": release, **monthly},
        "ucdp_api": {
            "ucdpapi.pcr.uu.se/api/gedevents/26.1": {
                "page=2": answer("ucdp_api/page2.json"), "": answer("ucdp_api/page1.json"),
            }
        },
        "hapi": {
            "hapi.humdata.org/api/v2/coordination-context/conflict-events":
                answer("hapi/page.json"),
        },
        "geoboundaries": {
            "www.geoboundaries.org/api/current/gbOpen/SSD/ADM1/":
                answer("geoboundaries/about.json"),
            f"{BOUNDARY}/geoBoundaries-SSD-ADM1.geojson": sample("areas/geoboundaries.geojson"),
        },
        "cod_ab": {
            package: answer("cod_ab/package.json"),
            f"{hdx}/ssd_admin_boundaries.geojson.zip": shapes,
        },
        "cod_ps": {
            package: answer("cod_ps/package.json"),
            f"{hdx}/ssd_admpop_adm2_2019.csv": sample("population/cod_ps_country.csv"),
        },
        "world_bank_population": {f"{bank}/SP.POP.TOTL": answer("world_bank/population.json")},
        "world_bank_governance": {
            **indicators, f"{bank}/VC.IHR.PSRC.P5": answer("world_bank/homicide.json"),
        },
        "idmc": {
            "helix-tools-api.idmcdb.org/external-api/gidd/conflicts/": {
                "offset=4": answer("idmc/page2.json").replace(b"YOUR_CLIENT_ID", TOKEN.encode()),
                "": answer("idmc/page1.json").replace(b"YOUR_CLIENT_ID", TOKEN.encode()),
            }
        },
        "un_police": {
            "api.psdata.un.org/public/data/DPO-UHISTORICALPOL/json":
                answer("un_police/data.json"),
        },
        "ourairports": {
            f"{airports}/airports.csv": sample("airports/ourairports.csv"),
            f"{airports}/runways.csv": answer("ourairports/runways.csv"),
        },
    }[name]  # fmt: skip


def serve(web, pages, **more):
    web.pages.clear()
    for address, body in pages.items():
        parts = body if isinstance(body, dict) else {"": body}

        def page(path, heads, parts=parts):
            return web.Page(next(b for part, b in parts.items() if part in path), **more)

        web.put(address, page)


@pytest.fixture(autouse=True)
def _tokens(web, monkeypatch):
    for name in ("UCDP_ACCESS_TOKEN", "HAPI_APP_IDENTIFIER", "IDMC_CLIENT_ID"):
        monkeypatch.setenv(name, TOKEN)


@pytest.fixture
def get(tmp_path):
    def got(name, wish=None, out="out", **more):
        wish = wish or WISHES.get(name, Wish("SSD", "2020-12"))
        return fetch(name, wish, tmp_path / out, wait=lambda seconds: None, **more)

    return got


def files(folder):
    return sorted(p.name for p in folder.iterdir()) if folder.is_dir() else []


def table(name, path):
    mission = "UNTEST" if name == "un_police" else ""
    return SOURCES[REMOTES[name].source].parse(path, Context("SSD", mission, "2020-12")).table


def test_every_remote_has_an_answer_and_a_source():
    assert set(ROWS) == set(REMOTES)
    assert {r.source for r in [*REMOTES.values(), *BY_HAND.values()]} <= set(SOURCES)
    assert all(REMOTES[name].name == name for name in REMOTES)


@pytest.mark.parametrize("name", REMOTES)
def test_what_is_fetched_is_whole_readable_and_says_where_it_is_from(web, get, tmp_path, name):
    serve(web, site(name))
    path, about = get(name)
    assert files(path.parent) == sorted([path.name, beside(path).name])
    assert sidecar_of(path) == about
    assert len(table(name, path)) > 0
    if path.suffix == ".csv":
        with path.open(encoding="utf-8", newline="") as handle:
            assert len(list(csv.DictReader(handle))) == about.rows
    assert about.rows == ROWS[name]
    assert about.feeds == REMOTES[name].source
    assert all([about.licence, about.citation, about.vintage, about.accessed])
    assert about.url and all(u.startswith("https://") for u in about.url)
    kept = [*path.parent.iterdir(), *(tmp_path / "cache").iterdir()]
    assert not any(TOKEN.encode() in p.read_bytes() for p in kept)


@pytest.mark.parametrize("name", REMOTES)
def test_offline_the_same_bytes_again(web, get, name):
    serve(web, site(name))
    first, about = get(name)
    asked = len(web.asked)
    second, again = get(name, out="again", offline=True)
    assert len(web.asked) == asked
    assert first.read_bytes() == second.read_bytes() and about == again


@pytest.mark.parametrize("name", REMOTES)
def test_offline_without_a_cache_says_what_is_missing(get, tmp_path, monkeypatch, name):
    for token in ("UCDP_ACCESS_TOKEN", "HAPI_APP_IDENTIFIER", "IDMC_CLIENT_ID"):
        monkeypatch.delenv(token)
    with pytest.raises(DataError) as error:
        get(name, offline=True)
    assert [p.code for p in error.value.problems] == ["offline_missing"]
    assert REMOTES[name].by_hand in str(error.value)
    assert files(tmp_path / "out") == []


@pytest.mark.parametrize("name", [n for n, r in REMOTES.items() if r.terms.token])
def test_without_a_token_there_is_a_road(web, get, tmp_path, monkeypatch, name):
    token = REMOTES[name].terms.token
    monkeypatch.delenv(token.variable)
    with pytest.raises(DataError) as error:
        get(name)
    assert [p.code for p in error.value.problems] == ["no_token"]
    assert token.variable in str(error.value) and REMOTES[name].by_hand in str(error.value)
    assert web.asked == [] and files(tmp_path / "out") == []


@pytest.mark.parametrize("name", REMOTES)
def test_a_download_that_breaks_off_leaves_no_file_and_then_succeeds(web, get, tmp_path, name):
    serve(web, site(name), cut=40)
    with pytest.raises(DataError) as error:
        get(name)
    assert [p.code for p in error.value.problems] == ["connection"]
    assert files(tmp_path / "out") == [] and files(tmp_path / "cache") == []
    serve(web, site(name), headers={"ETag": '"v1"'}, cut=40)
    with pytest.raises(DataError):
        get(name)
    assert {Path(f).suffix for f in files(tmp_path / "cache")} <= {".part", ".json"}
    serve(web, site(name))
    assert len(table(name, get(name)[0])) > 0


@pytest.mark.parametrize("name", REMOTES)
@pytest.mark.parametrize("body", [b"", b"<html><body>Please log in</body></html>", b"{}", b"[]"])
def test_another_answer_is_one_clear_error(web, get, tmp_path, name, body):
    serve(web, dict.fromkeys(site(name), body))
    with pytest.raises(DataError) as error:
        get(name)
    assert len(error.value.problems) == 1
    assert error.value.problems[0].file == name
    assert files(tmp_path / "out") == []


@pytest.mark.parametrize("name", REMOTES)
def test_a_wrong_answer_is_not_kept(web, get, tmp_path, name):
    serve(web, dict.fromkeys(site(name), b"<html>Please log in</html>"))
    with pytest.raises(DataError):
        get(name)
    assert files(tmp_path / "cache") == []
    serve(web, site(name))
    assert len(table(name, get(name)[0])) > 0


@pytest.mark.parametrize("where", ["out", "cache"])
def test_a_folder_that_is_none(web, get, tmp_path, where):
    serve(web, site("geoboundaries"))
    (tmp_path / where).write_text("a file", encoding="utf-8")
    with pytest.raises(DataError) as error:
        get("geoboundaries")
    assert [p.code for p in error.value.problems] == ["disk"]


def test_pages_that_came_are_kept_when_a_later_one_does_not(web, get):
    pages = site("ucdp_api")
    serve(web, pages)
    address = next(iter(pages))
    web.put(address, lambda path, heads: web.Page(pages[address][""], 503 if "page=2" in path
                                                  else 200))  # fmt: skip
    with pytest.raises(DataError) as error:
        get("ucdp_api")
    assert [p.code for p in error.value.problems] == ["busy"]
    web.asked.clear()
    serve(web, pages)
    assert get("ucdp_api")[1].rows == 5
    assert len(web.asked) == 1 and "page=2" in web.paths()[0]


@pytest.mark.parametrize("name", REMOTES)
@given(data=st.data())
@settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_a_perturbed_answer_is_an_error_or_a_readable_file(web, get, tmp_path, name, data):
    pages = site(name)
    address = data.draw(st.sampled_from(sorted(pages)))
    body = pages[address]
    part = data.draw(st.sampled_from(sorted(body))) if isinstance(body, dict) else None
    raw = body if part is None else body[part]
    at = data.draw(st.integers(0, len(raw) - 1))
    how = data.draw(st.sampled_from(["cut", "byte", "drop", "null", "twice"]))
    words = [b"null", b"-7", b'"x"', b"{}", b"1e999", b"\xff", b'"', b",", b"\n"]
    changed = {
        "cut": raw[:at],
        "byte": raw[:at] + data.draw(st.sampled_from(words)) + raw[at + 1 :],
        "drop": raw[:at] + raw[at + data.draw(st.integers(1, 40)) :],
        "null": raw.replace(b'"2019', b"null", 1),
        "twice": raw + raw[at:],
    }[how]
    serve(web, {**pages, address: changed if part is None else {**body, part: changed}})
    out = tmp_path / "fuzz"
    try:
        path, about = get(name, out="fuzz", refresh=True)
    except PolGapError as error:
        assert str(error)
        assert not any(f.startswith(".") for f in files(out))
        return
    assert sidecar_of(path) == about
    table(name, path)
    path.unlink()
    beside(path).unlink()


def test_acled_and_vdem_are_downloaded_by_hand():
    for name in ("acled", "vdem"):
        with pytest.raises(DataError) as error:
            remote(name)
        assert [p.code for p in error.value.problems] == ["by_hand"]
        assert "--source" in str(error.value)
    with pytest.raises(DataError) as error:
        remote("gadm")
    assert "ucdp" in str(error.value) and "acled" in str(error.value)


def changed(name, part, function):
    """Return the site of a remote with one JSON answer changed by a function."""
    pages = site(name)
    for address, body in pages.items():
        if part not in address:
            continue
        if isinstance(body, dict):
            first = json.loads(body[""])
            pages[address] = {**body, "": json.dumps(function(first)).encode()}
        else:
            pages[address] = json.dumps(function(json.loads(body))).encode()
    return pages


def set_(**values):
    return lambda block: {**block, **values}


NEXT = "https://ucdpapi.pcr.uu.se/api/gedevents/26.1?pagesize=1000&Country=626&page=1"
ELSEWHERE = "https://evil.example/api?page=2"


@pytest.mark.parametrize(
    ("name", "part", "function", "code", "text"),
    [
        ("ucdp_api", "ged", set_(TotalCount=6), "truncated", "5 events; wanted 6"),
        ("ucdp_api", "ged", set_(NextPageUrl=""), "truncated", "3 events; wanted 5"),
        ("ucdp_api", "ged", set_(NextPageUrl=ELSEWHERE), "changed_answer", "evil.example"),
        ("ucdp_api", "ged", set_(NextPageUrl=NEXT), "changed_answer", "again"),
        ("ucdp_api", "ged", set_(TotalCount="many"), "changed_answer", "TotalCount"),
        ("ucdp_api", "ged", set_(Result=None), "changed_answer", "a list of records"),
        ("ucdp_api", "ged", set_(Result=[{"id": 1}]), "changed_answer", "type_of_violence"),
        ("hapi", "", set_(data=[{"events": 1}]), "changed_answer", "event_type"),
        ("hapi", "", set_(data=[]), "no_rows", "another --level"),
        ("hapi", "", lambda b: {"data": b["data"] + b["data"][:1]}, "truncated", "1 rows twice"),
        ("geoboundaries", "api", set_(admUnitCount="4"), "truncated", "3 areas; wanted 4"),
        ("geoboundaries", "api", set_(boundaryISO="UGA"), "changed_answer", "SSD ADM1"),
        ("geoboundaries", "api", set_(gjDownloadURL=None), "changed_answer", "https"),
        ("geoboundaries", "api", set_(gjDownloadURL="https://[x"), "changed_answer", "address"),
        ("ucdp_api", "ged", set_(NextPageUrl="https://[x"), "changed_answer", "next page"),
        ("cod_ab", "package", set_(result={"resources": []}), "no_file", "GeoPackage"),
        ("cod_ps", "package", set_(result={"resources": []}), "no_file", "level 2"),
        ("world_bank_population", "", lambda b: [{"message": [{"id": "120", "value": "Invalid"}]}],
         "changed_answer", "Invalid"),
        ("world_bank_population", "", lambda b: [{**b[0], "total": 5}, b[1]], "truncated", "5"),
        ("idmc", "", set_(count=7), "truncated", "6 rows; wanted 7"),
        ("un_police", "", lambda b: [{**r, "last_reporting_date": True} for r in b],
         "changed_answer", "date"),
        ("un_police", "", lambda b: [{**r, "mission_acronym": "UNX"} for r in b],
         "unknown_mission", "UNX"),
        ("un_police", "", lambda b: [{**r, "personnel_type": "Robots"} for r in b],
         "unreadable_answer", "Robots"),
    ],
)  # fmt: skip
def test_what_changed_is_named(web, get, tmp_path, name, part, function, code, text):
    serve(web, changed(name, part, function))
    with pytest.raises(DataError) as error:
        get(name)
    assert error.value.problems[0].code == code
    assert text in str(error.value)
    assert files(tmp_path / "out") == []


def test_an_answer_in_a_list_is_a_boundary_too(web, get):
    serve(web, changed("geoboundaries", "api", lambda b: [{"boundaryISO": "UGA"}, b]))
    _, about = get("geoboundaries")
    assert "CC BY 4.0" in about.licence and "An office" in about.citation


def test_a_pointer_is_no_outline(web, get):
    pages = site("geoboundaries")
    address = next(a for a in pages if a.startswith("github"))
    serve(web, {**pages, address: b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n"})
    with pytest.raises(DataError) as error:
        get("geoboundaries")
    assert "pointer" in str(error.value)


def test_ucdp_takes_the_yearly_release_and_then_the_months(web, get):
    serve(web, site("ucdp"))
    path, about = get("ucdp")
    assert about.vintage == "UCDP GED 20.1, candidates 20.0.1, 20.0.2, 20.0.3"
    assert (about.covers_from, about.covers_until) == ("1989-01", "2020-03")
    head = path.read_text(encoding="utf-8").splitlines()[0]
    assert "side_a" not in head and "source_article" not in head and "dyad" not in head
    assert table("ucdp", path)["month"].max() == "2020-03"


def test_ucdp_takes_consolidated_candidates_and_the_last_word_on_an_event(web, get):
    pages, base = site("ucdp"), "ucdp.uu.se/downloads/candidateged/GEDEvent"
    head, first, *rest = sample("ucdp_ged/candidate.csv").decode().splitlines()
    event = next(x for x in rest if x.startswith("106,"))
    assert ",2020-03-31 00:00:00.000," in event
    later = event.split(",")
    best = head.split(",").index("best") - len(head.split(","))
    later[best] = "77"
    body = "\n".join([head, first, ",".join(later)]).encode()
    serve(web, {
        f"{base}_v20_01_20_03.csv": sample("ucdp_ged/candidate.csv"), f"{base}_v20_0_4.csv": body,
        "ucdp.uu.se/downloads/ged/ged201-csv.zip": pages["ucdp.uu.se/downloads/ged/ged201-csv.zip"],
    })  # fmt: skip
    path, about = get("ucdp", Wish("SSD", "2020-04", version="20.1"))
    assert about.vintage == "UCDP GED 20.1, candidates 20.01.20.03, 20.0.4"
    assert about.covers_until == "2020-04"
    events = table("ucdp", path).set_index("event")
    assert events.loc["106", "deaths"] == 77 and events.index.is_unique


def test_ucdp_says_where_its_months_end(web, get):
    serve(web, site("ucdp"))
    with pytest.raises(DataError) as error:
        get("ucdp", Wish("SSD", "2020-05", version="20.1"))
    assert error.value.problems[0].code == "not_covered" and "--until 2020-03" in str(error.value)


def test_ucdp_finds_the_newest_release_itself(web, get):
    release = site("ucdp")["ucdp.uu.se/downloads/ged/ged201-csv.zip"]
    from datetime import UTC, datetime

    year = datetime.now(UTC).year % 100 - 1
    serve(web, {f"ucdp.uu.se/downloads/ged/ged{year}1-csv.zip": release})
    _, about = get("ucdp", Wish("SSD"))
    assert about.vintage == f"UCDP GED {year}.1"
    assert about.covers_until == f"{1999 + year}-12"
    assert len(web.asked) == 2


def test_a_country_without_events_is_covered_all_the_same(web, get, tmp_path):
    serve(web, site("ucdp"))
    path, about = get("ucdp", Wish("CAF", "2019-12", version="20.1"))
    assert about.rows == 0
    notes = SOURCES["ucdp_ged"].parse(path, Context("CAF", "", "2019-12", "1989-01")).notes
    assert [n.code for n in notes] == ["sources.no_events"]


def test_hapi_asks_on_while_pages_are_full(web, get, monkeypatch):
    rows = json.loads(answer("hapi/page.json"))["data"]
    monkeypatch.setattr(hapi_module, "PAGE", 6)
    pages = {f"offset={n}": json.dumps({"data": rows[n : n + 6]}).encode() for n in (12, 6, 0)}
    serve(web, {"hapi.humdata.org/api/v2/coordination-context/conflict-events": pages})
    assert get("hapi")[1].rows == 16
    assert [p.rpartition("offset=")[2] for p in web.paths()] == ["0", "6", "12"]
    assert web.asked[0][1]["x-hdx-hapi-app-identifier"] == TOKEN


def test_cod_ps_takes_the_last_year_before_the_origin(web, get):
    serve(web, site("cod_ps"))
    path, about = get("cod_ps")
    assert about.caveats == "Projected; not a census."
    got = table("cod_ps", path)
    assert got.set_index("area")["population"].to_dict() == {
        "SS0101": 410000, "SS0102": 240000, "SS0201": 150000,
    }  # fmt: skip


def test_governance_carries_its_error(web, get):
    serve(web, site("world_bank_governance"))
    got = table("world_bank_governance", get("world_bank_governance")[0])
    row = got[(got["indicator"] == "wgi_rule_of_law") & (got["year"] == 2019)].iloc[0]
    assert row["value"] == -1.8
    assert row["low"] == pytest.approx(-1.8 - 1.28155 * 0.2, abs=1e-5)
    assert row["high"] == pytest.approx(-1.8 + 1.28155 * 0.2, abs=1e-5)


def test_idmc_follows_pages_without_showing_its_client_id(web, get):
    serve(web, site("idmc"))
    _, about = get("idmc")
    assert [f"client_id={TOKEN}" in p for p in web.paths()] == [True, True]
    assert not any("client_id" in u for u in about.url)


def test_un_police_is_summed_over_contributors_by_kind(web, get):
    serve(web, site("un_police"))
    got = table("un_police", get("un_police")[0]).set_index("month")
    assert got.loc["2020-11", ["formed", "individual", "police"]].tolist() == [280, 300, 580]
    assert got.loc["2020-12", ["formed", "individual", "police"]].tolist() == [280, 320, 600]


def test_airports_carry_the_longest_open_runway(web, get):
    serve(web, site("ourairports"))
    got = table("ourairports", get("ourairports")[0]).set_index("airport")
    assert got.loc["XS01", "runway"] == 2400 and got.loc["XS02", "runway"] == 900
    assert got["runway"].isna()["XS03"] and "XS04" not in got.index


def command(*words):
    return CliRunner().invoke(app, ["fetch", *words])


def test_the_command_says_what_it_got_and_how_to_use_it(web, tmp_path):
    serve(web, site("geoboundaries"))
    out = tmp_path / "out"
    asked = ("geoboundaries", "--country", "ssd", "--out", str(out))
    said = command(*asked, "--json")
    got = json.loads(said.stdout)
    assert said.exit_code == 0
    assert got["file"] == str(out / "geoboundaries_SSD.geojson")
    assert got["about"]["sha256"] == sidecar_of(Path(got["file"])).sha256
    plain = command(*asked, "--offline")
    assert f"--source areas={got['file']}" in plain.stdout and "3 rows" in plain.stdout


COMMAND = """
import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)
from polgap.cli import main
sys.argv[0] = "polgap"
main()
"""


@pytest.mark.skipif(os.name != "posix", reason="a signal of Unix")
def test_an_interrupted_download_goes_on_the_next_time(web, get, tmp_path):
    """The command in a process of its own gets a real interrupt in the middle of a file."""
    pages = site("geoboundaries")
    link = next(a for a in pages if a.startswith("github"))
    body = pages[link] + b" " * 400_000
    parts = (tmp_path / "cache").glob
    started = []

    def interrupt():
        for _ in range(3000):
            if started and any(p.stat().st_size for p in parts("*.part")):
                break
            time.sleep(0.01)
        started[0].send_signal(signal.SIGINT)
        started[0].wait(30)

    serve(web, pages)
    web.put(link, web.Page(body, headers={"ETag": '"v1"'}, cut=200_000, then=interrupt))
    asked = ["fetch", "geoboundaries", "--country", "SSD", "--out", str(tmp_path / "out")]
    with subprocess.Popen(
        [sys.executable, "-c", COMMAND, *asked],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as child:
        started.append(child)
        said = child.communicate(timeout=60)
    assert child.returncode not in (0, 2), said
    assert "Traceback" not in said[1]
    (part,) = parts("*.part")
    assert files(tmp_path / "out") == [] and 0 < part.stat().st_size < len(body)

    def rest(path, heads):
        start = int(heads["range"].removeprefix("bytes=").removesuffix("-"))
        assert start > 0
        where = f"bytes {start}-{len(body) - 1}/{len(body)}"
        return web.Page(body[start:], 206, {"ETag": '"v1"', "Content-Range": where})

    web.put(link, rest)
    assert get("geoboundaries")[0].read_bytes() == body
    assert not list(parts("*.part"))


def test_the_command_lists_every_remote_with_licence_and_road():
    rows = json.loads(command("--list", "--json").stdout)
    assert {r["name"] for r in rows} == {*REMOTES, *BY_HAND}
    assert all(r["licence"] and r["by_hand"] and r["source"] in SOURCES for r in rows)
    text = command("--list").stdout
    assert all(name in text for name in (*REMOTES, *BY_HAND, "UCDP_ACCESS_TOKEN"))


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (("ucdp",), "ISO3"),
        (("ucdp", "--country", "SSD", "--until", "2020"), "2020"),
        (("cod_ab", "--country", "SSD", "--level", "9"), "0 to 4"),
        (("cod_ab", "--country", "SSD", "--offline", "--refresh"), "one of them"),
        (("ucdp", "--country", "SSD", "--version", "newest"), "26.1"),
        (("ucdp_api", "--country", "SSD", "--version", "newest"), "26.1"),
        (("nothing", "--country", "SSD"), "ucdp_api"),
    ],
)
def test_the_command_names_what_was_wrong(web, words, text):
    said = command(*words)
    assert isinstance(said.exception, PolGapError) and text in str(said.exception)
    assert web.asked == []
