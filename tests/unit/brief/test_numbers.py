"""Numbers as an English and a French reader write them."""

import pytest

from polgap.brief._numbers import MINUS, NARROW, NO_BREAK, Numbers

EN, FR = Numbers("en"), Numbers("fr")


@pytest.mark.parametrize(
    ("value", "wanted"),
    [(0, "0"), (0.2, "<1"), (3.4, "3"), (47.3, "47"), (468, "470"), (996, "1,000"),
     (1234, "1,230"), (98765, "98,800"), (1_234_567, "1,230,000"), (-620, f"{MINUS}620")],
)  # fmt: skip
def test_officers_are_rounded_to_what_the_interval_can_bear(value, wanted):
    assert EN.officers(value) == wanted


def test_french_has_a_narrow_thousands_space_and_a_decimal_comma():
    assert FR.decimal(12345.678, 2) == f"12{NARROW}345,68"
    assert FR.share(0.454) == f"45{NO_BREAK}%"


@pytest.mark.parametrize(
    ("value", "wanted"), [(0.001, "<1%"), (0.999, ">99%"), (0, "0%"), (1, "100%")]
)
def test_nearly_none_and_nearly_all_are_not_written_as_such(value, wanted):
    assert EN.share(value) == wanted


@pytest.mark.parametrize(
    ("usd", "english", "french"),
    [(1.5e6, "USD 1.5 million", "1,5 million USD"),
     (4.52e7, "USD 45.2 million", "45,2 millions USD"),
     (2.4e9, "USD 2.4 billion", "2,4 milliards USD"), (5120, "USD 5,120", f"5{NARROW}120 USD")],
)  # fmt: skip
def test_money_in_words(usd, english, french):
    assert EN.money(usd).replace(NO_BREAK, " ") == english
    assert FR.money(usd).replace(NO_BREAK, " ") == french


def test_months_in_both_languages():
    assert EN.month("2021-01") == f"Jan{NO_BREAK}2021"
    assert FR.month("2021-01") == f"janv.{NO_BREAK}2021"
    assert FR.day("2026-08-03T10:00:00Z") == f"3{NO_BREAK}août{NO_BREAK}2026"
    assert EN.month(None) == "–"


def test_a_range_with_a_negative_end_is_written_in_words():
    assert EN.interval(-400, 900, 2300, "officer-months") == f"{MINUS}400 to 2,300"
    assert FR.interval(-400, 900, 2300, "officer-months") == f"{MINUS}400 à 2{NARROW}300"
    assert EN.interval(980, 1234, 1510, "officers") == "980–1,510"


def test_what_is_not_known_is_never_zero():
    assert EN.show(None, "officers") == EN.show(float("nan"), "officers") == "–"
    assert EN.show(0.0, "officers") == "0"
