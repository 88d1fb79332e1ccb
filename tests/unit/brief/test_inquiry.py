"""The checklist of the assessment team, and what would change the advice."""

import re

import pytest

from polgap.brief import told

PAGES = [(kind, language) for kind in ("full", "weak") for language in ("en", "fr")]


def words(page):
    return re.sub(r"\\s+", " ", re.sub(r"<[^>]+>", "", page))


def test_questions_say_who_can_tell_and_what_an_answer_saves(sample):
    _, details = sample.full()
    lines = "\n".join(told(details, "en"))

    assert "1. How many hours a week does an officer actually work?" in lines
    assert "the host-State police’s personnel and payroll officer" in lines
    assert "from 1,200 to 640 officers wide" in lines
    assert "saves 25% of the cost of a wrong figure (20%–30%)" in lines
    assert "saves 10% of the cost of a wrong choice among the options" in lines
    assert "4 times the cost of one to spare (assumed)" in lines


def test_what_would_change_the_advice_is_said_with_its_value_or_plainly(sample):
    _, details = sample.full()
    lines = told(details, "en")

    assert any("only while this is above 44 (42.1–45.9) hours" in line for line in lines)
    assert any("Nothing in range puts “Present mission stays” ahead" in line for line in lines)
    assert any("Nothing in range brings the national shortfall down" in line for line in lines)
    assert any("from D to C once these are known" in line for line in lines)
    assert any("stays B even with the 1 most influential" in line for line in lines)


def test_it_speaks_french(sample):
    _, details = sample.full()
    lines = "\n".join(told(details, "fr"))

    assert "Combien d’heures par semaine un agent travaille-t-il réellement" in lines
    assert "que si ceci dépasse 44 (42,1–45,9) heures" in lines
    assert "Nothing" not in lines


@pytest.mark.parametrize(("kind", "language"), PAGES)
def test_the_brief_shows_the_checklist_and_the_shares(page, kind, language):
    text = page(kind, language)

    assert 'id="inquiry"' in text
    assert 'id="t-sobol"' in text


@pytest.mark.parametrize("language", ["en", "fr"])
def test_below_grade_c_nothing_is_called_recommended(page, language):
    weak, full = words(page("weak", language)), words(page("full", language))
    name = {"en": "Recommended", "fr": "Recommandée"}[language]
    spoken = {"en": "For discussion", "fr": "À discuter"}[language]

    assert name in full
    assert name not in weak
    assert spoken in weak


def test_without_a_checklist_nothing_is_made_up(page):
    assert 'id="t-sobol"' not in page("bare", "en")
