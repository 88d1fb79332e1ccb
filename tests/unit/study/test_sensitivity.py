"""What an answer rests on: indices, checklist, advice and register of the toy theatre."""

import dataclasses
import json
import re
from importlib.resources import files
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from polgap import assess, catalogue, evidence, examples, study
from polgap.domain import Inputs, Note, check_table
from polgap.draws import Parameters
from polgap.study import _sensitivity
from polgap.study._blocks import clean, mean_officers, waterfall
from polgap.study._checklist import checklist_block, option_losses, turning_block
from polgap.study._register import _BEFORE, _ENTERS, COLUMNS, aggregated, register


@pytest.fixture(scope="module")
def toy():
    asked, given = examples.toy(draws=300)
    return dataclasses.replace(asked, forecast_months=asked.months), given


@pytest.fixture(scope="module")
def steps(toy):
    return study.steps(*toy)


@pytest.fixture(scope="module")
def table(toy, steps):
    return register(*toy, steps, _sensitivity.first_order(steps))


@pytest.fixture(scope="module")
def mixed(toy, steps):
    return _sensitivity.mixtures(*toy, steps)


def test_the_model_gives_the_headlines_of_the_run(toy, steps):
    asked, _ = toy
    model = _sensitivity.model(*toy, steps)

    found = model(steps.theta.again(asked.seed, asked.draws), steps.forecast.futures)

    for name, cube in waterfall(steps).items():
        assert found[name] == pytest.approx(mean_officers(cube)), name


def test_every_unknown_that_entered_and_varied_has_its_run(toy, steps, mixed):
    asked, _ = toy
    model = _sensitivity.model(*toy, steps)
    theta = steps.theta.again(asked.seed, 20)
    few = _sensitivity._futures(steps, slice(0, 20))
    model(theta, few)
    varied = {k for k, v in theta.used.items() if np.ptp(v) > 0} - theta.at_middle

    names = set(mixed["need"]["name"])

    assert names - {"violence", "population", "luck"} == varied
    assert {"violence", "luck"} <= names
    assert "unwilling_below" not in names  # only its middle enters


def test_one_input_from_the_second_sample_moves_what_depends_on_it_alone(toy, steps):
    asked, _ = toy
    model = _sensitivity.model(*toy, steps)
    one, two = steps.theta.again(asked.seed, 50), steps.theta.again(77, 50)
    futures = _sensitivity._futures(steps, slice(0, 50))
    base = model(one, futures)

    mentors = model(one.taking(two, "mentor_ratio"), futures)
    people = model(one.taking(two, "harm_multiplier"), futures)

    assert (mentors["national_shortfall"] != base["national_shortfall"]).any()
    assert (people["need"] != base["need"]).any()
    again = model(one.taking(two), futures)
    for name, values in base.items():
        assert (again[name] == values).all(), name


def test_read_off_the_draws_and_from_mixed_runs_first_orders_agree(steps, mixed):
    for name, found in _sensitivity.first_order(steps).items():
        both = found.merge(mixed[name], on="name")
        off = (both["first_x"] - both["first_y"]).abs()
        width = both["first_high_y"] - both["first_low_y"]
        assert off.max() < 0.2, name
        assert (off < 2 * width + 0.05).mean() > 0.9, name
        assert (both["total"] > both["first_x"] - 0.2).all()


def test_the_block_has_totals_only_where_the_mixed_runs_were_made(toy, steps, mixed):
    asked, _ = toy
    first = _sensitivity.first_order(steps)

    without = clean(_sensitivity.sensitivity_block(asked, first))
    block = clean(_sensitivity.sensitivity_block(asked, first, mixed))

    assert without["method"]["total"] is None
    assert block["method"] == {"first": "given_data", "total": "pick_freeze", "draws": 300,
                               "size": 150}  # fmt: skip
    assert [h["headline"] for h in block["headlines"]] == list(waterfall(steps))
    for headline in without["headlines"]:
        assert all(row["total"] is None for row in headline["rows"])
    for headline in block["headlines"]:
        totals = [row["total"] for row in headline["rows"] if row["total"] is not None]
        assert totals == sorted(totals, reverse=True)
        assert {row["kind"] for row in headline["rows"]} == {"parameter", "group"}


def test_the_register_lists_every_parameter_that_was_read(steps, table):
    listed = set(table.loc[table["kind"] == "parameter", "name"])

    assert listed == {*steps.theta.used, *steps.theta.aside}
    assert tuple(table.columns) == COLUMNS
    assert set(table["basis"]) <= {"given", "computed", "assumed", "recalled", "exercise"}
    assert (table["owner_role"] != "").all()
    assert {"unit_types", "postures", "functions", "decision"} <= set(table["kind"])


class _Watched(dict):
    """Parameters that note whose value was looked up."""

    def __init__(self, known):
        super().__init__(known)
        self.read = set()

    def __getitem__(self, name):
        self.read.add(name)
        return super().__getitem__(name)


def test_no_recalled_value_is_read_that_the_register_does_not_list(monkeypatch):
    """Every look-up of a whole run is watched, whichever way a room takes."""
    watched = _Watched(catalogue.parameters())
    monkeypatch.setattr(catalogue, "parameters", lambda: watched)
    result = study.run(*examples.toy(draws=40))

    listed = {r["name"] for r in result.details["register"] if r["kind"] == "parameter"}
    weak = {name for name in watched.read if watched.get(name).mark == "RECALLED"}
    models = catalogue.table("need_models")
    compared = " ".join(models.loc[models["model"] != "bottom_up", "parameters"]).split()
    assert len(weak) > 60
    assert weak - listed <= set(compared)  # models compared with enter no total; they name theirs
    assert {"first_responder_share", evidence.CAP} <= listed
    rows = {r["name"]: r for r in result.details["register"] if r["kind"] == "parameter"}
    aside = [r for n, r in rows.items() if n in ("military_bridge_days", "rehatting_days")]
    assert all(r["enters"] == "deploy" and not r["varies"] for r in aside)


SETTINGS = {"min_cell_count", "min_cell_size_population"}
"""Read when an edition is made of a run, not in a run."""
CHECKS = {"BENCHMARK", "relief_factor_24_7"}
"""The cross-check band, which is computed from a source, and the refusal of a ratio as a need."""


def test_a_value_that_is_read_past_the_draws_has_a_note_that_registers_it():
    """Importers read a value before there are draws: by note, or as rows of an assumed table."""
    found = set()
    for path in Path(str(files("polgap"))).rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        found |= set(re.findall(r'catalogue\.parameters\(\)\["?([A-Za-z_0-9]+)"?\]', text))
    by_note = {name for name, _ in _BEFORE.values()}
    own = {"name", "_CAP", "CAP", "fpu_rotation_months"}
    # in the register itself, by default in evidence, and where verify restates what muster reads
    assert len(found) > 10
    assert {n for n in found if not n.startswith("host_")} <= by_note | SETTINGS | CHECKS | own


TEXT_ALONE = {"advice", "caveats", "indicators", "lead_times", "need_models", "precedents",
              "questions"}  # fmt: skip
"""Words, names of parameters and lists: no number of theirs enters a run."""
SEEN = {"arrival_law", "countries", "governance"}
BY_TABLE = {"notional_mandate": "mandate", "notional_pledges": "pledges"}
"""They become rows of an input table, basis assumed."""


def test_every_catalogue_table_that_a_step_reads_is_registered_or_holds_no_recalled_number():
    rooms = ("assess", "calibrate", "deploy", "rebuild", "simulate", "evidence", "study",
             "forecast", "sources")  # fmt: skip
    read = set()
    for room in rooms:
        for path in Path(str(files("polgap"))).joinpath(room).rglob("*.py"):
            read |= set(re.findall(r'catalogue\.table\("([a-z_]+)"\)', path.read_text("utf-8")))
    assert {"unit_types", "resources", "bridging"} <= read
    assert read - TEXT_ALONE - SEEN - set(BY_TABLE) <= set(_ENTERS)
    assert set(BY_TABLE.values()) <= set(_ENTERS)
    for name in SEEN:
        table = catalogue.table(name)
        assert "mark" not in table or not (table["mark"] == "RECALLED").any(), name


def test_the_register_lists_what_entered_while_the_inputs_were_made(toy, steps):
    asked, given = toy
    for code, (name, _) in _BEFORE.items():
        told = dataclasses.replace(given, notes=(*given.notes, Note(code, {})))
        found = register(asked, told, steps, {})
        row = found[(found["kind"] == "parameter") & (found["name"] == name)]
        assert len(row) == 1, name
        assert name in steps.theta.used or not row["varies"].item()


def test_the_register_lists_every_assumed_number_of_every_table(toy, steps):
    asked, given = toy
    month = {"area": "north", "month": asked.origin, "basis": "assumed"}
    given = dataclasses.replace(
        given,
        crime=check_table("crime", pd.DataFrame([month | {"offence": "homicide", "reported": 4.0,
                                                          "effort": 0.5}])),
        protests=check_table("protests", pd.DataFrame([month | {"assemblies": 3.0}])),
    )  # fmt: skip
    changed = {}
    for field in dataclasses.fields(Inputs):
        frame = getattr(given, field.name)
        columns = getattr(frame, "columns", ())
        column = next((c for c in ("basis", "population_basis") if c in columns), None)
        if column and len(frame):
            changed[field.name] = frame.assign(**{column: "assumed"})
    table = register(asked, dataclasses.replace(given, **changed), steps, {})

    for name, frame in changed.items():
        assert table.loc[table["kind"] == name, "item"].nunique() >= 1, name
        assert (table["kind"] == name).sum() >= len(frame), name
    assert {"host_police", "willingness", "mandate", "pledges", "areas", "hrddp", "crime",
            "protests"} <= set(changed)  # fmt: skip
    codes = set(catalogue.message_codes())
    for row in aggregated(table):
        kind = row["name"].partition(":")[2]
        assert not kind or f"register.{kind}" in codes, kind


def test_a_new_recalled_parameter_is_registered_by_being_read(toy, monkeypatch):
    asked, given = examples.toy(draws=60)
    new = dataclasses.replace(catalogue.parameters()["weekly_hours"], name="planted",
                              low=1.0, mid=2.0, high=3.0, mark="RECALLED")  # fmt: skip
    known, measure = catalogue.parameters(), assess.measure
    monkeypatch.setattr(catalogue, "parameters", lambda: {**known, "planted": new})

    def wrapped(study_, inputs, futures, posture, hours, theta, **options):
        theta["planted"]
        return measure(study_, inputs, futures, posture, hours, theta, **options)

    monkeypatch.setattr(assess, "measure", wrapped)
    result = study.run(asked, given)

    row = next(r for r in result.details["register"] if r["name"] == "planted")
    assert (row["low"], row["mid"], row["high"], row["basis"]) == (1.0, 2.0, 3.0, "recalled")
    assert (row["enters"], row["varies"], row["owner_role"]) == ("assess", True, "police_planner")
    assert "planted" in set(result.tables["assumptions"]["name"])
    assert json.loads(json.dumps(result.details, allow_nan=False)) == result.details


def test_luck_is_asked_for_by_name():
    for path in sorted(files("polgap.assess").iterdir(), key=lambda p: p.name):
        if path.name.endswith(".py") and path.name != "_turning.py":  # resamples, draws no luck
            text = path.read_text(encoding="utf-8")
            assert not re.search(r"theta\.seed(?!_of)", text), path.name


def test_a_page_shows_parameters_one_by_one_and_tables_as_rows(table):
    rows = aggregated(table)

    names = [row["name"] for row in rows]
    assert len(names) == len(set(names))
    single = {row["name"] for row in rows if row["kind"] == "parameter"}
    assert single == set(table.loc[table["kind"] == "parameter", "name"])
    for row in rows:
        rest = row["name"].partition(":")[2]
        assert not rest or f"register.{rest}" in catalogue.message_codes(), row["name"]


def test_whatever_entered_has_a_question_and_somebody_who_can_tell(steps):
    facts = catalogue.table("questions").set_index("parameter")
    codes = set(catalogue.message_codes())

    for name in steps.theta.used:
        assert f"question.{name}" in codes, name
        assert f"tell.{facts.loc[name, 'role']}" in codes
        assert f"how.{facts.loc[name, 'how']}" in codes
    assert set(facts.index) <= set(catalogue.parameters())


def test_whatever_the_code_asks_for_by_name_has_a_question():
    """Also what no toy leads to: models that are switched on, tables that a planner brings."""
    asked = set()
    for path in Path(str(files("polgap"))).rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        asked |= set(re.findall(r'theta(?:\.mid\(|\[)"([a-z_0-9]+)"', text))
    for names in catalogue.table("need_models")["parameters"]:
        asked |= set(names.split())
    asked |= {name for name, _ in _BEFORE.values()}
    assert len(asked) > 60
    assert asked <= set(catalogue.table("questions")["parameter"])
    assert {f"question.{name}" for name in asked} <= set(catalogue.message_codes())


def test_questions_stand_in_the_order_of_what_their_answers_save(steps):
    block = clean(checklist_block(steps))

    worth = [row["worth"]["mid"] for row in block["rows"]]
    assert worth == sorted(worth, reverse=True)
    assert [row["rank"] for row in block["rows"]] == list(range(1, len(worth) + 1))
    assert all(max(row["figure"]["low"], row["choice"]["low"]) > 0 for row in block["rows"])
    assert block["decisions"]["figure"]["level"] == 0.8
    assert block["others"] + len(worth) == len(
        [k for k, v in assess.varied(steps.theta).items() if k not in steps.theta.at_middle]
    )


def test_what_the_planner_gave_is_not_asked_again(toy, steps):
    asked, _ = toy
    asked_before = {row["name"] for row in checklist_block(steps)["rows"]}
    first = min(asked_before)
    own = {first: steps.theta.points(first)}
    theta = Parameters(catalogue.parameters(), asked.seed, asked.draws, own)
    for name in steps.theta.used:
        theta[name]

    found = checklist_block(dataclasses.replace(steps, theta=theta))

    assert {row["name"] for row in found["rows"]} == asked_before - {first}


def test_advice_speaks_of_every_rival_of_the_mission_and_of_the_grade(steps):
    rows = clean(turning_block(steps))
    losses, price = option_losses(steps)
    best = min(losses, key=lambda name: losses[name].mean())

    choice = [row for row in rows if row["kind"] == "choice"]
    assert price > 0
    assert {row["preferred"] for row in choice} <= {best}
    assert {row["rival"] for row in choice} <= set(losses) - {best}
    assert [row["kind"] for row in rows[-2:]] == ["mission", "grade"]
    for row in rows[:-1]:
        for turn in row["turns"]:
            assert turn["low"] <= turn["at"] <= turn["high"]
            assert turn["holds"] in ("above", "below")
