"""From a project folder to the inputs of a run; an edit is checked at every run."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from polgap import catalogue
from polgap.domain import GOVERNANCE, KINDS
from polgap.errors import DataError, SafeguardError
from polgap.sources import load_inputs


def codes(study, folder, **more):
    with pytest.raises(DataError) as error:
        load_inputs(study, folder, **more)
    return [(p.file, p.row, p.code) for p in error.value.problems]


def edit(folder, name, *changes):
    path = folder / "data" / f"{name}.csv"
    text = path.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text, text
        text = text.replace(old, new, 1)
    path.write_text(text, encoding="utf-8")


def append(folder, name, line):
    with (folder / "data" / f"{name}.csv").open("a", encoding="utf-8") as handle:
        handle.write(line + "\n")


def test_the_panel_counts_what_was_placed(project, study):
    panel = load_inputs(study, project()).panel

    assert panel["state_based"].dims == ("area", "month")
    assert panel["month"].values.tolist()[0] == "2019-01"
    assert panel["month"].values.tolist()[-1] == "2020-12"
    west = panel.sel(area="SSD.west")
    assert float(west["state_based"].sel(month="2019-02")) == 12
    assert float(west["non_state"].sel(month="2019-03")) == 7
    assert float(west["events"].sel(month="2019-04")) == 0
    assert float(sum(panel[k].sum() for k in KINDS)) == 70  # 78 less 8 far outside
    assert float(panel["events"].sum()) == 8
    assert set(panel.data_vars) == {*KINDS, "events"}
    assert panel.attrs == {"source": "ucdp_ged", "as_of": "2020-12"}


def test_an_earlier_origin_sees_no_later_month(project, study):
    folder = project()
    whole = load_inputs(study, folder).panel
    panel = load_inputs(replace(study, origin="2020-02"), folder).panel

    assert panel["month"].values.tolist()[-1] == "2020-02"
    assert panel.drop_attrs().equals(whole.sel(month=panel["month"]).drop_attrs())


def test_before_the_state_exists_and_outside_coverage_is_nan(project, study):
    folder = project(events="incidents_en.csv")
    edit(folder, "coverage", ("ucdp_ged,state_based,2019-01", "ucdp_ged,state_based,2019-02"))
    panel = load_inputs(study, folder).panel

    assert np.isnan(panel["state_based"].sel(month="2019-01")).all()
    assert np.isnan(panel["events"].sel(month="2019-01")).all()
    assert (panel["non_state"].sel(month="2019-01") == 0).all()


def test_assemblies_are_a_variable_of_their_own(project, study):
    own = project(without=["ucdp_ged"], events="incidents_en.csv")
    panel = load_inputs(study, own).panel

    assert float(panel["protests"].sum()) == 2
    assert float(panel["riots"].sum()) == 1
    assert float(panel["non_state"].sum()) == 6 + 3 + 1  # communal, cattle raid, riot
    assert float(panel["events"].sum()) == 7  # neither assemblies nor the harmless theft


def test_notes_of_the_import_are_said_again(project, study):
    notes = load_inputs(study, project(personnel="p4p_mission.csv")).notes
    found = {n.code for n in notes}

    assert {"sources.population_spread", "sources.strength_recorded", "sources.outside"} <= found
    assert {"note.host_assumed", "note.notional_pledges", "sources.no_other_providers"} <= found
    assert len(notes) == len({(n.code, str(n.values)) for n in notes})
    for note in notes:
        assert catalogue.message(note.code, "fr", **note.values)


def test_assumptions_that_were_replaced_are_said_no_more(project, study):
    folder = project()
    for name in ("host_police", "willingness", "mandate"):
        path = folder / "data" / f"{name}.csv"
        path.write_text(path.read_text().replace("assumed", "given").replace("(given)", ""))
    found = {n.code for n in load_inputs(study, folder).notes}

    assert "note.host_assumed" not in found
    assert "note.notional_mandate" not in found
    assert "note.notional_pledges" in found


def test_a_corrected_area_counts_and_an_emptied_one_is_placed_anew(project, study):
    folder = project()
    before = load_inputs(study, folder).panel
    table = pd.read_csv(folder / "data" / "events.csv", dtype=str, keep_default_na=False)
    table.loc[table["event"] == "101", "area"] = "SSD.north"
    table.loc[table["event"] == "104", "area"] = ""
    table.to_csv(folder / "data" / "events.csv", index=False)
    panel = load_inputs(study, folder).panel

    assert float(panel["state_based"].sel(area="SSD.north", month="2019-02")) == 12
    east = {"area": "SSD.east", "month": "2019-08"}
    assert float(panel["state_based"].sel(east)) == float(before["state_based"].sel(east)) == 20


def test_population_is_the_planners_to_edit(project, study, samples):
    folder = project()
    before = load_inputs(study, folder).areas
    text = (samples / "population" / "own.csv").read_text(encoding="utf-8")
    (folder / "data" / "population.csv").write_text(text, encoding="utf-8")
    areas = load_inputs(study, folder).areas.set_index("area")

    assert before["population"].sum() == 803_000
    assert areas.loc["SSD.east", "population"] == 250_000
    assert areas.loc["SSD.north", "population_basis"] == "computed"
    (folder / "data" / "population.csv").unlink()
    assert codes(study, folder) == [(None, None, "no_population")]


def test_a_table_saved_by_french_excel_is_the_same(project, study):
    folder = project(personnel="own.csv")
    before = load_inputs(study, folder)
    for path in (folder / "data").glob("*.csv"):
        table = pd.read_csv(path, dtype=str, keep_default_na=False)
        if path.stem not in ("import_report", "events", "towns"):
            table = table.map(lambda c: c.replace(".", ",") if c[:1].isdigit() else c)
        table.to_csv(path, index=False, sep=";", encoding="utf-8-sig")
    after = load_inputs(study, folder)

    assert after.panel.identical(before.panel)
    for name in ("pledges", "mandate", "rules", "host_police", "willingness"):
        assert getattr(after, name).equals(getattr(before, name)), name


@pytest.mark.parametrize(
    ("name", "change", "problem"),
    [
        ("events", ("state_based,12", "battle,12"), (2, "unknown_kind")),
        ("events", ("101,2019-02", "101,2018-12"), (2, "outside_coverage")),
        ("events", ("101,2019-02", "101,2021-01"), (2, "outside_coverage")),
        ("events", ("state_based,12", "state_based,-12"), (2, "out_of_range")),
        ("events", ("SSD.west", "SSD.atlantis"), (2, "unknown_area")),
        ("events", ("102,", "101,"), (3, "duplicate")),
        ("towns", ("SSD.west", "nowhere"), (2, "unknown_area")),
        ("host_police", ("host_police,*", "host_police,nowhere"), (2, "unknown_area")),
        ("host_police", ("0.5,0.6", "0.5,much"), (2, "wrong_type")),
        ("willingness", ("lawful_orders", "charm"), (6, "unknown_indicator")),
        ("willingness", ("host_police", "coast_guard"), (2, "unknown_institution")),
        ("mandate", ("protection,", "peace,"), (2, "unknown_function")),
        ("mandate", ("protect,", "all,"), (2, "unknown_powers")),
        ("rules", ("budget_year", "cheap"), (2, "unknown_rule")),
        ("rules", ("budget_year,,9", "budget_year,,-9"), (2, "out_of_range")),
        ("pledges", ("FPU,3,RDL", "FPU,0.5,RDL"), (2, "out_of_range")),
        ("pledges", ("FPU,3,RDL", "FPU,3,in_mission"), (2, "empty")),
        ("pledges", ("FPU,3,RDL", "TANK,3,RDL"), (2, "unknown_unit_type")),
        ("coverage", ("2020-12", "2018-12"), (2, "out_of_order")),
    ],
)
def test_a_wrong_edit_is_found(project, study, name, change, problem):
    folder = project(without=["personnel"])
    edit(folder, name, change)

    assert (f"data/{name}.csv", *problem) in codes(study, folder)


@pytest.mark.parametrize(
    ("line", "column"),
    [
        ("host military,SSD.west,static,2020-03,,10,law,full,given", "provider"),
        ("EU,SSD.west,custody,2021-02,2021-01,10,law,full,given", "until"),
        ("EU,SSD.west,parking,,,10,law,full,given", "function"),
        ("EU,*,custody,,,10,law,full,given", "area"),
        ("EU,SSD.west,custody,,,10,law,half,given", "counts"),
        ("EU,SSD.west,custody,,,10,law,full,rumour", "basis"),
    ],
)
def test_one_officer_stands_in_one_row(project, study, line, column):
    folder = project(other_providers="sheet.csv", areas="own.geojson")
    load_inputs(study, folder)
    append(folder, "other_providers", line)
    with pytest.raises(DataError) as error:
        load_inputs(study, folder)

    assert [(p.row, p.column) for p in error.value.problems] == [(12, column)]


def test_parts_are_no_larger_than_the_whole(project, study):
    folder = project(host_police="sheet.csv", areas="own.geojson")
    append(folder, "host_police", "Navy,SSD.west,,10,11,12,13,.5,.5,.5,.5,.5,2020-01,given")
    append(folder, "willingness", "Navy,*,lawful_orders,.9,.5,.6,adviser,B,2020-01,given")

    assert codes(study, folder) == [
        ("data/host_police.csv", 12, "out_of_range"),
        ("data/host_police.csv", 12, "out_of_range"),
        ("data/host_police.csv", 12, "out_of_range"),
        ("data/willingness.csv", 22, "out_of_order"),
    ]


def test_all_problems_of_a_project_at_once(project, study):
    folder = project()
    (folder / "data" / "rules.csv").unlink()
    (folder / "data" / "pledges.csv").write_text("")
    edit(folder, "towns", ("SSD.west", "nowhere"))
    (folder / "geo" / "areas.geojson").write_text("{")
    found = codes(study, folder, overrides={"beat_ratios": (1, 2, 3), "snap_km": (3, 2, 1)})

    assert found == [
        ("project.toml", None, "unknown_parameter"),
        ("project.toml", None, "out_of_order"),
        ("data/pledges.csv", None, "empty_file"),
        ("data/rules.csv", None, "missing_file"),
        ("geo/areas.geojson", None, "json"),
    ]


def test_a_case_value_is_no_parameter(project, study):
    found = codes(study, project(), overrides={"fill_share_9m_un": (0.1, 0.2, 0.3)})

    assert found == [("project.toml", None, "unknown_parameter")]


@pytest.mark.parametrize("origin", ["2018-12", "2021-01"])
def test_the_origin_lies_inside_the_coverage(project, study, origin):
    assert codes(replace(study, origin=origin), project()) == [(None, None, "outside_coverage")]


def test_the_capital_is_an_area(project, study):
    found = codes(replace(study, capital="Atlantis"), project())

    assert found == [("project.toml", None, "unknown_area")]


def test_safeguards_hold_in_a_project_too(project, study):
    folder = project()
    edit(folder, "rules", ("rule,", "téléphone,rule,"), ("budget_year", ",budget_year"))
    with pytest.raises(SafeguardError):
        load_inputs(study, folder)


def test_several_roles_may_assess_one_thing_but_each_once(project, study):
    folder = project()
    path = folder / "data" / "willingness.csv"
    header = path.read_text(encoding="utf-8").splitlines()[0]
    row = "host_police,*,lawful_orders,.1,.2,.3,{},B,2020-06,given"
    lines = [header, row.format("adviser"), row.format("human rights officer")]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")

    assert len(load_inputs(study, folder).willingness) == 2
    append(folder, "willingness", row.format("adviser"))
    assert codes(study, folder) == [("data/willingness.csv", 4, "duplicate")]


def test_governance_series_stand_in_where_the_import_assumed(project, study):
    folder = project()
    plain = load_inputs(study, folder)
    rows = ["iso3,year,indicator,value,low,high,source", "SSD,2019,RL.EST,-1.99,,,WGI",
            "NOR,2019,RL.EST,1.9,,,WGI"]  # fmt: skip
    (folder / "data" / "governance.csv").write_text("\n".join(rows), encoding="utf-8")
    found = load_inputs(replace(study, iso3="SSD"), folder)

    assert set(plain.willingness["basis"]) == {"assumed"}
    assert set(found.willingness["assessor_role"]) == {GOVERNANCE}
    assert (found.willingness["mid"] < plain.willingness["mid"].min()).all()
    assert "evidence.willing_prior" in [n.code for n in found.notes]
    assert "evidence.willing_prior" not in [n.code for n in plain.notes]


def test_a_series_without_a_year_is_refused_with_its_place(project, study):
    folder = project()
    rows = ["iso3,year,indicator,value,source", "SSD,,RL.EST,-1.99,WGI"]
    (folder / "data" / "governance.csv").write_text("\n".join(rows), encoding="utf-8")

    assert codes(study, folder) == [("data/governance.csv", 2, "empty")]
