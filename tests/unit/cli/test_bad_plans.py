"""Plans from bad input, at the command line: a plain answer, every problem, nothing left behind."""

import json

import pandas as pd
import pytest

from polgap import cli

HEADS = "id,date,lat,lon,kind,deaths"
EVENTS = [f"{i},2020-{1 + i % 12:02d}-05,0.5,{0.5 + i % 2},one_sided,{3 * (i % 5)}"
          for i in range(48)]  # fmt: skip
TOWNS = "town,name,lat,lon,population\nt1,Alpha,0.5,0.5,90000\nt2,Beta,0.5,1.5,40000"
SHORT = ("--draws", "12", "--months", "6", "--json")


def square(i):
    ring = [[i, 0], [i + 1, 0], [i + 1, 1], [i, 1], [i, 0]]
    return {"type": "Feature", "geometry": {"type": "Polygon", "coordinates": [ring]},
            "properties": {"pcode": f"A{i}", "name": f"Area {i}", "population": 500_000},
            }  # fmt: skip


@pytest.fixture
def polgap(monkeypatch, capsys):
    """Run the command line; return its exit code, standard output and standard error."""

    def run(*arguments):
        monkeypatch.setattr("sys.argv", ["polgap", *map(str, arguments)])
        code = 0
        try:
            cli.main()
        except SystemExit as end:
            code = end.code or 0
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


@pytest.fixture
def project(tmp_path, polgap):
    """Make a theatre of two areas; return what changes a table of it, and its folder."""
    areas = {"type": "FeatureCollection", "features": [square(0), square(1)]}
    texts = {"events": "\n".join([HEADS, *EVENTS]), "towns": TOWNS, "areas": json.dumps(areas)}
    given = []
    for name, text in texts.items():
        file = tmp_path / f"{name}.{'geojson' if name == 'areas' else 'csv'}"
        file.write_text(text, encoding="utf-8")
        given += ["--source", f"{name}={file}"]
    columns = ",".join(f"{c}={c}" for c in HEADS.split(",")[1:])
    root = tmp_path / "p"
    code, out, err = polgap("init", root, "--country", "XQE", "--until", "2020-12", "--map",
                            columns, *given)  # fmt: skip
    assert code == 0, out + err

    def change(name, rows):
        """Give the rows of a table (below its heads and units), or a function of the frame."""
        path = root / "data" / f"{name}.csv"
        head, units, *_ = path.read_text(encoding="utf-8").splitlines()
        if callable(rows):
            frame = rows(pd.read_csv(path, dtype=str, keep_default_na=False).iloc[1:])
            rows = frame.to_csv(index=False, header=False).splitlines()
        path.write_text("\n".join([head, units, *rows]) + "\n", encoding="utf-8")

    change.root = root
    return change


def files(root):
    return sorted(str(p) for p in root.rglob("*") if ".cache" not in p.parts)


def test_rules_that_contradict_each_other_are_named_and_the_exit_says_so(project, polgap):
    project("rules", ["ceiling_total,,100,officers,,,paragraph 7,given",
                      "minimum_presence,A0,400,officers,,,capital,given"])  # fmt: skip
    before = files(project.root)
    code, out, _ = polgap("options", project.root, *SHORT)
    block = json.loads(out)
    assert code == 1
    assert block["relax"][0]["option"] == "recommended"
    rules = {r["rule"]: r for r in block["relax"][0]["rules"]}
    assert len(rules) == 1 and rules[next(iter(rules))]["by"] > 0
    assert set(rules) <= {"ceiling_total", "minimum_presence A0"}
    code, out, _ = polgap("options", project.root, *SHORT[:-1])
    assert code == 1 and "no plan keeps all rules (recommended); the smallest set to relax" in out
    assert files(project.root) == before


def test_a_negative_budget_and_every_other_problem_are_told_at_once(project, polgap):
    project("rules", ["budget_year,,-5,USD,,,appropriation,given",
                      "lift_slots,,2,units,2021-05,2021-02,port,given",
                      "minimum_presence,A9,10,officers,,,nowhere,given"])  # fmt: skip
    project("pledges", ["N1,NOTIONAL,FPU,many,L3,,,en,0.1,,0.7,,,assumed"])
    before = files(project.root)
    code, out, _ = polgap("run", project.root, "--json")
    errors = json.loads(out)["errors"]
    assert code == 2
    places = {(e["file"], e["row"], e["column"]) for e in errors}
    assert {("data/rules.csv", 3, "value"), ("data/rules.csv", 4, "until"),
            ("data/rules.csv", 5, "area"), ("data/pledges.csv", 3, "number")} <= places  # fmt: skip
    assert all(e["got"] and e["wanted"] and e["code"] for e in errors)
    assert files(project.root) == before
    code, _, err = polgap("check", project.root)
    assert code == 1 or "rules.csv" in err


def test_a_pledge_without_dates_gets_those_of_its_law_and_a_wrong_date_is_refused(project, polgap):
    project("pledges", ["N1,NOTIONAL,FPU,1,RDL,,,en,0.1,,1,,,assumed"])
    code, out, _ = polgap("deploy", project.root, *SHORT)
    (row,) = json.loads(out)["arrival"]["pledges"]
    assert code == 0 and row["p50"] >= "2021-03"  # decision, note verbale, lift: months, not days
    project("pledges", ["N1,NOTIONAL,FPU,1,RDL,soon,,en,0.1,,1,,,assumed"])
    code, out, _ = polgap("deploy", project.root, *SHORT)
    (error,) = json.loads(out)["errors"]
    assert code == 2
    assert (error["file"], error["row"], error["column"]) == ("data/pledges.csv", 3, "from")


def test_an_area_that_nobody_can_serve_is_named_with_its_reason(project, polgap):
    project("pledges", ["N1,NOTIONAL,IPO,40,RDL,,,en,0.1,only:A9,1,,,assumed"])
    _, out, _ = polgap("options", project.root, *SHORT)
    rows = {row["area"]: row for row in json.loads(out)["unreached"]}
    assert rows["A1"]["reason"] in ("caveats", "threat") and rows["A1"]["hours"] > 1.5
    _, out, _ = polgap("deploy", project.root, *SHORT)
    assert json.loads(out)["force"]["unreached"] == list(rows.values())
    _, out, _ = polgap("options", project.root, *SHORT[:-1], "--fastest")
    assert "nobody can serve Area 1 (nearest seat" in out and "officers open there" in out


def test_no_pledge_at_all_is_an_answer(project, polgap):
    project("pledges", [])
    code, out, _ = polgap("options", project.root, *SHORT)
    block = json.loads(out)
    assert code == 0
    assert all(o["cost"]["high"] == 0 and o["plan"] == [] for o in block["options"])
    assert "calibrate.no_pledges" in {n["code"] for n in block["notes"]}
    code, out, _ = polgap("deploy", project.root, *SHORT)
    block = json.loads(out)
    assert code == 0 and block["force"]["calls"] == []
    assert "deploy.no_offers" in {n["code"] for n in block["notes"]}


def test_powers_whose_preconditions_are_missing_are_not_given_and_it_is_said(project, polgap):
    project("mandate", lambda m: m.assign(
        posture=["full_replace", *[""] * (len(m) - 1)], powers=["executive", *[""] * (len(m) - 1)],
        detention="no", prosecutors="", applicable_law=""))  # fmt: skip
    code, out, _ = polgap("options", project.root, *SHORT)
    block = json.loads(out)
    posture = next(o for o in block["options"] if o["name"] == "recommended")["posture"]
    missing = {p["name"] for row in posture for p in row["preconditions"] if not p["met"]}
    assert (code == 0 and all(row["posture"] != "full_replace" for row in posture)) or missing
    assert any("not ready" in n["text"] or "precondition" in n["text"] for n in block["notes"])
