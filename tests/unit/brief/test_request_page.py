"""The page of options on request, in both languages."""

import re

import pytest

from polgap import examples
from polgap.brief import render_answer_book, render_options
from polgap.errors import StudyError
from polgap.study import Request, on_request


@pytest.fixture(scope="module")
def answer():
    study, inputs = examples.toy(draws=8)
    request = Request(
        strike=("2",), add=("powers=executive",), cuts=(40.0,), replan="lose=north", prices=True,
        fastest=True, cheapest=0.8,
    )  # fmt: skip
    found = on_request(request, study, inputs)
    found["front"] = [
        {"name": "front_01", "share": 0.5, "cost": 8.7e6, "unmet_need": 10721.0, "bound": 10692.0,
         "cover_month": None},
        {"name": "front_02", "share": 1.0, "cost": 17.6e6, "unmet_need": 10270.0, "bound": 10251.0,
         "cover_month": "2024-07"},
    ]  # fmt: skip
    again = {"option": "robust", "against": found["replan"]["against_old_plan"]}
    found["risk"] = again | {
        "option": "risk_averse", "aversion": 0.3, "tail": 0.2, "futures": 20, "mean": 57371.0,
        "worst": 107910.0, "value": 72532.0, "bound": 71790.0, "gap_percent": 1.02,
        "plain": {"mean": 57462.0, "worst": 108120.0, "value": 72660.0},
    }  # fmt: skip
    found["failures"] = again | {
        "failures": 2, "none": 63200.0, "worst": 63900.0, "failing": ["N1", "N2"],
        "bound": 63700.0, "gap_percent": 0.3, "all_tried": False,
        "plain": {"none": 63100.0, "worst": 64400.0, "failing": ["N2"]},
    }  # fmt: skip
    rules = [{"rule": "ceiling_total", "kind": "at_most", "asked": 100.0, "by": 40.0,
              "proven": True}]  # fmt: skip
    found["relax"] = [{"option": "recommended", "rules": rules},
                      {"option": "cut_40", "rules": []}]  # fmt: skip
    found["unreached"] = [{"area": "north", "name": "North", "reason": "threat", "hours": None,
                           "open": {"low": 1.0, "mid": 2.0, "high": 3.0}}]  # fmt: skip
    return found, dict(zip(inputs.areas["area"], inputs.areas["name"], strict=True))


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("Options on request: Toy", "Cut of 40%", "It gives up", "After the event",
                "S/1999/779", "nobody may be based there any more", "8.7", "Pledge N1 withdrawn",
                "at most 100; has to rise by 40", "search did not find it", "executive",
                "of the old plan stays where it was", "no plan does (proven)", "no way in",
                "worst 20% of 20 futures weigh 30%", "Pledges that fail, 2 at most", "N1, N2",
                "Made for the worst futures too", "a worse case may exist")),
        ("fr", ("Options à la demande", "Elle renonce à", "Après l’événement", "plus personne",
                "Contribution N1 retirée", "au plus 100 ; doit augmenter de 40", "exécutifs",
                "pèsent 30 %", "Contributions qui font défaut, 2 au plus",
                "un cas pire peut exister")),
    ],
)  # fmt: skip
def test_everything_asked_for_is_on_the_page(answer, language, words):
    page = render_options(*answer, language)
    text = re.sub(r"<[^>]+>", "", page).replace("\u00a0", " ").replace("\u202f", " ")
    for word in words:
        assert word in text
    assert "https://" not in page


def test_the_plan_that_stands_is_said(answer):
    found = {**answer[0], "replan": {**answer[0]["replan"], "changes": []}}
    assert "The old plan stands" in render_options(found, answer[1], "en")


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_number_of_the_workbook_is_the_one_of_the_answer(answer, back, language):
    content = render_answer_book(*answer, language)
    found, where = back.numbers(content), back.places(content)
    assert set(found) == set(where) and len(found) > 100
    wrong = {k: (v, where[k]) for k, v in found.items()
             if not back.same(v, back.at(where[k], answer[0], {}))}  # fmt: skip
    assert wrong == {}
    names = list(back.sheets(content))
    if language == "en":
        assert names == ["Options asked for", "Single figures", "Changes", "Changes by area",
                         "Dates", "Given up", "What moves", "Front", "Prices", "Rules to relax",
                         "Nobody can serve", "Precedents", "Paths"]  # fmt: skip
    assert content == render_answer_book(*answer, language)


def test_a_page_in_another_language_is_refused(answer):
    for make in (render_options, render_answer_book):
        with pytest.raises(StudyError, match="language"):
            make(*answer, "de")
