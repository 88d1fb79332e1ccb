"""What is refused, and what has to pass."""

import pandas as pd
import pytest

from polgap import catalogue
from polgap.sources._sheet import plain, words
from polgap.sources.safeguards import check_cells, check_headers, refused_kind

PERSON = words(
    """first_name FirstName prénom PRENOMS nom_complet Nom_et_prénom surname lastName phone
Téléphone tel phone_number e-mail Email courriel adresse_mail passport n°_passeport national_id
nationalID
carte_d'identité date_of_birth DOB DateNaissance lieu_de_naissance matricule badge_number
officer_name name_of_officer nom_de_l'officier fullname suspect_name nom_victime WhatsApp
bank_account fingerprints mobile_phone"""
)
GROUP = words(
    """ethnicity Ethnie ethnic_group groupe_ethnique tribe Tribu clan sub_clan religion Religion
religious_group secte sect caste race mother_tongue langue_maternelle minority_share
political_affiliation sexual_orientation"""
)
PASS = words(
    """name nom area_name shapeName ADM1_EN women women_share female gender sex men children
religious_site religious_sites sector section intersection terrace tribunal clandestine trace
contributor side_a side_b dyad_name victims detainees witnesses phone_coverage
mobile_phone_network passport_offices base town language police_stations birth_rate mission_name
population_group population confessions tribal_areas intertribal_clashes insects facet
institution assessor_role contact_group age_range id event_id"""
)


@pytest.mark.parametrize("header", sorted(PERSON))
def test_headers_about_persons(header):
    assert refused_kind(header) == "person"


@pytest.mark.parametrize("header", sorted(GROUP))
def test_headers_about_groups(header):
    assert refused_kind(header) == "group"


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        ("Fecha de nacimiento", "person"), ("cédula", "person"), ("apellidos", "person"),
        ("raqm al-hatif", "person"), ("tarikh_al_milad", "person"), ("voter_id", "person"),
        ("qabila", "group"), ("etnia", "group"), ("creed", "group"), ("Ethnonyme", "group"),
    ],
)  # fmt: skip
def test_headers_in_more_languages(header, kind):
    assert refused_kind(header) == kind


@pytest.mark.parametrize("row", catalogue.table("safeguard_passes").to_dict("records"),
                         ids=lambda row: row["header"])  # fmt: skip
def test_what_the_list_says_passes_does(row):
    """The planner reads the same list: header, example, why it passes."""
    header, example = str(row["header"]), str(row["example"])
    assert row["why_en"] and row["why_fr"]
    assert check_headers([header], "f.csv") == []
    frame = pd.DataFrame({plain(header): [example] * 8}, index=range(2, 10), dtype="str")
    assert check_cells(frame, "f.csv") == []


@pytest.mark.parametrize(
    ("values", "code"),
    [
        (["1961-02-03", "1979-05-30", "12/11/1983", "1990-01-01", "1998-07-04"], "person"),
        (["119938001234511", "119918001234522", "119978001234533", "119958001234544",
          "119948001234555"], "person"),
        (["784-1990-1234567-1", "784-1985-7654321-2", "784-1979-1111111-3", "784-1988-2222222-4",
          "784-1992-3333333-5"], "person"),
        (["Catholic", "Protestant", "Catholic", "other", "Muslim"], "group"),
        (["musulman", "chrétien", "animiste"], "group"),
    ],
)  # fmt: skip
def test_a_column_is_refused_for_what_it_holds(values, code):
    frame = pd.DataFrame({"x7": values}, index=range(2, 2 + len(values)), dtype="str")
    assert [p.code for p in check_cells(frame, "f.csv")] == [f"safeguard_{code}"]


@pytest.mark.parametrize(
    "values",
    [
        ["1989-02-03", "2001-05-30", "2014-11-12", "2019-01-01", "2020-07-04"],
        ["1200000000", "2300000000", "1500000000", "3100000000", "4200000000"],
        ["20200101120000", "20200201120000", "20200301120000", "20200401120000", "20200501120001"],
        ["1583020800", "1583107200", "1583193600", "1583280000", "1583366400"],
        ["Catholic school", "mosque", "market", "clinic", "court"],
        ["orthodox church"] * 6,
        ["31.5718234567", "4.8516512345", "30.1234567890", "29.0987654321", "28.1111122222"],
    ],
)  # fmt: skip
def test_a_column_that_only_looks_alike_passes(values):
    frame = pd.DataFrame({"x7": values}, index=range(2, 2 + len(values)), dtype="str")
    assert check_cells(frame, "f.csv") == []


@pytest.mark.parametrize("header", sorted(PASS))
def test_headers_that_pass(header):
    assert refused_kind(header) is None


def test_a_place_may_have_a_full_name():
    assert refused_kind("FULL_NAME", places=True) is None
    assert refused_kind("FULL_NAME") == "person"


def test_each_refused_header_is_one_problem():
    found = check_headers(["area", "Ethnie", "roll", "Prénom"], "f.csv")

    assert [(p.column, p.code, p.row) for p in found] == [
        ("Ethnie", "safeguard_group", 1),
        ("Prénom", "safeguard_person", 1),
    ]


def cells(column, *values):
    frame = pd.DataFrame({column: values}, index=range(2, 2 + len(values)), dtype="str")
    return [(p.row, p.column) for p in check_cells(frame, "f.csv")]


@pytest.mark.parametrize(
    ("column", "values", "row"),
    [
        ("output", ["fine", "ask x.y@z.org"], 3),
        ("output", ["+211 912 345 678"], 2),
        ("output", ["call 00243 81 234 56 78 now"], 2),
        ("note", ["0912 345 678", "0923 456 789"], 2),
        ("note", ["0912345678", "0923456789"], 2),
        ("note", ["Sgt. Deng", "Capt Lual", ""], 2),
        ("note", ["Marie Dubois", "Ibrahim Keita", "KABORE Jean", "x"], 2),
        ("assessor_role", ["Col. Smith", "adviser", "adviser", "adviser"], 2),
        ("verified_by", ["Jean Dupont"], 2),
    ],
)
def test_cells_about_persons(column, values, row):
    assert cells(column, *values) == [(row, column)]


@pytest.mark.parametrize(
    ("column", "values"),
    [
        ("name", ["Jean-Rabel", "Ali Sabieh", "Saint-Louis", "Port Louis"]),
        ("note", ["Central Equatoria", "Bahr el Ghazal", "New Fangak"]),
        ("note", ["+5000 officers", "2020-01-02", "02/01/2020", "31.57182 4.85165"]),
        ("note", ["+12.345678901", "-1.00000000001", "000000000000"]),
        ("pcode", ["0101010101", "0101010102"]),
        ("population", ["10606227", "12345678901"]),
        ("source_date", ["2017-12-30;2017-12-31;2017-12-31"]),
        ("reason", ["resolution, paragraph 7", "Inspector General decides", "General Assembly"]),
        ("assessor_role", ["police adviser", "Head of Mission", "none (assumed)"]),
        ("contributor", ["Jordan", "Chad"]),
    ],
)
def test_cells_that_pass(column, values):
    assert cells(column, *values) == []
