"""Bad input at the command line: every problem at once, exit 2, nothing half-written."""

import json
import subprocess
import sys

import pytest

AREAS = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "properties": {"pcode": f"A{i}", "name": f"Area {i}", "population": 50000},
            "geometry": {
                "type": "Polygon",
                "coordinates": [[[i, 0], [i + 1, 0], [i + 1, 1], [i, 1], [i, 0]]],
            },
        }
        for i in range(2)
    ],
}
HEADS = "id,date,lat,lon,kind,deaths"
GOOD = ["1,2020-01-05,0.5,0.5,one_sided,3", "2,2020-06-05,0.5,1.5,state_based,0"]
MAP = "date=date,lat=lat,lon=lon,kind=kind,deaths=deaths"


def polgap(*arguments, cwd):
    return subprocess.run(
        [sys.executable, "-m", "polgap", *map(str, arguments)],
        capture_output=True, text=True, cwd=cwd, timeout=120,
    )  # fmt: skip


@pytest.fixture
def init(tmp_path):
    """Run ``polgap init`` on a small theatre with some of its files changed."""

    def run(**changed):
        files = {
            "events": ("events.csv", "\n".join([HEADS, *GOOD])),
            "areas": ("areas.geojson", json.dumps(AREAS)),
            "towns": (
                "towns.csv",
                "town,name,lat,lon,population\nt1,Alpha,0.5,0.5,9000\nt2,Beta,0.5,1.5,4000",
            ),
            **changed,
        }
        given = []
        for name, (file, content) in files.items():
            raw = content if isinstance(content, bytes) else content.encode()
            (tmp_path / file).write_bytes(raw)
            given += ["--source", f"{name}={file}"]
        return polgap(
            "init", "new", "--country", "XQE", "--until", "2020-12", "--map", MAP, "--json",
            *given, cwd=tmp_path,
        )  # fmt: skip

    return run


def events(*rows, heads=HEADS):
    return ("events.csv", "\n".join([heads, *rows]))


def test_the_good_theatre_is_made(init, tmp_path):
    done = init()

    assert done.returncode == 0, done.stdout + done.stderr
    assert (tmp_path / "new" / "project.toml").is_file()


def test_a_share_of_women_passes(init):
    done = init(events=events(*(f"{r},0.2" for r in GOOD), heads=f"{HEADS},women_share"))

    assert done.returncode == 0, done.stdout


CASES = {
    "wrong column": ({"events": events(*GOOD, heads="id,when,lat,lon,kind,deaths")}, "date"),
    "negative deaths": ({"events": events("1,2020-01-05,0.5,0.5,one_sided,-3")}, "deaths"),
    "text in a number": ({"events": events("1,2020-01-05,0.5,0.5,one_sided,many")}, "deaths"),
    "duplicate ids": ({"events": events(GOOD[0], GOOD[0])}, None),
    "empty file": ({"events": ("events.csv", "")}, None),
    "broken zip": ({"events": ("events.zip", b"PK\x03\x04 broken")}, None),
    "person names": (
        {"events": events(*(f"{r},Jean Dupont" for r in GOOD), heads=f"{HEADS},victim_name")},
        "victim_name",
    ),
    "phone numbers": (
        {"events": events(*(f"{r},+33 6 12 34 56 78" for r in GOOD), heads=f"{HEADS},remark")},
        "remark",
    ),
    "ethnicity": (
        {"events": events(*(f"{r},x" for r in GOOD), heads=f"{HEADS},ethnic_group")},
        "ethnic_group",
    ),
    "religion": (
        {"events": events(*(f"{r},x" for r in GOOD), heads=f"{HEADS},religion")},
        "religion",
    ),
    "self-crossing polygon": (
        {
            "areas": (
                "areas.geojson",
                json.dumps(AREAS).replace(
                    "[[[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]]",
                    "[[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]",
                ),
            )
        },
        None,
    ),
    "unknown area": (
        {
            "host_police": (
                "host.csv",
                "institution,area,roll,operational,available,vetted,trained,equipped,paid,in_reach,"
                "as_of,basis\nPolice,A9,100,90,80,0.5,0.5,0.5,0.5,0.5,2020-12,given",
            )
        },
        "area",
    ),
}


@pytest.mark.parametrize("case", sorted(CASES))
def test_bad_input_is_refused_whole(case, init, tmp_path):
    changed, column = CASES[case]

    done = init(**changed)

    assert done.returncode == 2, done.stdout + done.stderr
    errors = json.loads(done.stdout)["errors"]
    assert errors and all(e["file"] and e["got"] and e["wanted"] and e["code"] for e in errors)
    if column:
        assert column in {e["column"] for e in errors} | {e["wanted"] for e in errors} or any(
            column in e["wanted"] for e in errors
        )
    assert [p.name for p in tmp_path.iterdir() if "new" in p.name] == []


def test_a_month_outside_the_coverage_is_refused_at_the_run(init, tmp_path):
    init()
    path = tmp_path / "new" / "data" / "events.csv"
    path.write_text(path.read_text("utf-8").replace("2020-06", "2021-06"), "utf-8")

    done = polgap("run", "new", "--json", cwd=tmp_path)

    assert done.returncode == 2
    (error,) = json.loads(done.stdout)["errors"]
    assert (error["file"], error["row"], error["column"]) == ("data/events.csv", 3, "month")
    assert list((tmp_path / "new" / "runs").iterdir()) == []


def test_every_problem_of_every_file_is_listed_at_once(init):
    done = init(
        events=events("1,2020-13-05,0.5,0.5,one_sided,-3", "2,2020-01-05,95,0.5,one_sided,many"),
        areas=CASES["self-crossing polygon"][0]["areas"],
    )
    errors = json.loads(done.stdout)["errors"]

    assert {"events.csv", "areas.geojson"} <= {e["file"] for e in errors}
    assert {(e["row"], e["column"]) for e in errors} >= {(2, "deaths"), (3, "deaths")}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "a backtest of a project: wanted PROJECT as well"),
        (("--preset", "moon"), "preset: got 'moon'; wanted views-cm"),
        (("--preset", "views-cm", "--windows", "2018"), "wanted --data, --history, --out as well"),
        (("x", "--windows", "2018"), "got --windows; it takes PROJECT, --origins"),
        (("--preset", "views-history", "--history", "h", "--out", "o", "--vintage", "final"),
         "preset views-history: got --vintage"),
    ],
)  # fmt: skip
def test_an_option_of_another_backtest_is_refused_plainly(arguments, said, tmp_path):
    done = polgap("backtest", *arguments, cwd=tmp_path)

    assert done.returncode == 2
    assert said in done.stderr
    assert not list(tmp_path.iterdir())
