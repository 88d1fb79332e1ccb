import string

import pytest

from polgap import catalogue
from polgap.domain import POSTURES


def test_every_message_has_both_languages_and_the_same_places():
    for code in catalogue.message_codes():
        texts = catalogue._load._messages()[code]
        assert texts["en"].strip() and texts["fr"].strip(), code
        places = [
            sorted(p[1] for p in string.Formatter().parse(texts[lang]) if p[1])
            for lang in ("en", "fr")
        ]
        assert places[0] == places[1], code


def test_every_reference_named_is_listed():
    known = set(catalogue.table("references")["reference"])
    for name in ("functions", "unit_types", "postures", "shocks"):
        assert set(catalogue.table(name)["reference"]) <= known, name


def test_every_unit_type_serves_a_known_function():
    functions = set(catalogue.table("functions")["function"])
    types = catalogue.table("unit_types")
    skills = {c.removeprefix("skill_") for c in types.columns if c.startswith("skill_")}

    assert skills == functions
    assert ((types[[f"skill_{f}" for f in functions]] > 0).sum(axis=1) > 0).all()


def test_the_ladder_rises():
    postures = catalogue.table("postures")

    assert tuple(postures["posture"]) == POSTURES
    assert postures["m_order"].is_monotonic_increasing
    assert postures["m_service"].is_monotonic_increasing


def test_a_single_case_is_never_a_default():
    for name, parameter in catalogue.parameters().items():
        if name.startswith(("effect_police_on", "fill_")):
            assert parameter.use == "case_value", name


@pytest.mark.parametrize("name", ["police_ratio_benchmark", "police_ratio_222_claim"])
def test_the_benchmark_is_no_default(name):
    assert not catalogue.parameters()[name].is_default


def test_every_precedent_names_its_paragraph_and_what_is_known_of_it():
    known = set(catalogue.table("functions")["function"])
    rows = catalogue.table("precedents").to_dict("records")
    assert len(rows) >= 20
    for row in rows:
        assert row["document"].startswith("S/") and row["paragraph"] and row["fact_fr"]
        assert row["mark"] in ("SEEN", "RECALLED")
        assert set(row["functions"].split()) <= known
