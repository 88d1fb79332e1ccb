"""The score: what holds is inside, what does not is named."""

import numpy as np
import pandas as pd
import pytest

from polgap import examples
from polgap.domain import KINDS, add_months
from polgap.errors import StudyError

STUDY = {"theatre": "Quelmora", "origin": "2025-12"}


def around(value, width=0.1):
    return {"low": value * (1 - width), "mid": value, "high": value * (1 + width)}


@pytest.fixture(scope="module")
def perfect(country):
    """Return result, details and roll path of a run that knew the truth."""
    hidden = country.truth
    need = hidden.need.isel(month=slice(0, 12)).mean("month")
    short = hidden.shortfall.isel(month=slice(0, 12)).mean("month")
    arrival = hidden.arrival.set_index("pledge")["month"]
    dates = [
        {"pledge": p, "p50": add_months("2025-12", int(m)), "p80": add_months("2025-12", int(m))}
        for p, m in arrival.items()
        if np.isfinite(m) and m > 0
    ]
    result = {
        "study": STUDY,
        "gap": {
            "need": around(float(need.sum())),
            "national_shortfall": around(float(short.sum())),
        },
        "arrival": {"pledges": [*dates, {"pledge": "N04", "p50": None, "p80": None}]},
    }
    deaths = sum(hidden.panel[k] for k in KINDS).sum("area").to_series()
    fan = [
        {"month": m, "measure": "deaths", "q10": v, "q50": v, "q90": v} for m, v in deaths.items()
    ]
    by = [{"area": a, "need": around(float(need.sel(area=a).sum()))} for a in need["area"].values]
    by_function = [{"function": "command_admin", "need": around(1.0)}]
    path = hidden.roll.assign(**{f"roll_{e}": hidden.roll["roll"] for e in ("low", "mid", "high")})
    return result, {"fan": fan, "by_area": by, "by_function": by_function}, path


def test_a_run_that_knew_the_truth_holds_everywhere(country, perfect):
    rows = examples.score(country, *perfect)
    assert rows["inside"].all()
    assert (rows["miss"] == "").all()
    assert rows["error"].abs().max() < 1e-6
    assert set(rows["measure"]) == {"need", "national_shortfall", "deaths", "roll", "arrival"}
    assert (rows["measure"] == "deaths").sum() == 36
    assert "function command_admin" not in set(rows["item"])


def test_misses_are_named_with_their_side(country, perfect):
    result, details, path = perfect
    low = {**result, "gap": {"need": around(1.0)}}
    rows = examples.score(country, low, details, path)
    missed = rows[~rows["inside"]]
    assert missed[["measure", "item", "miss"]].values.tolist() == [["need", "theatre", "too low"]]
    table = examples.summary(rows).set_index("measure")
    assert table.loc["need", "too_low"] == 1
    assert table.loc["need", "worst"] == "theatre"
    assert table.loc["need", "inside"] == pytest.approx(60 / 61)
    assert table.loc["deaths", "worst"] == ""


def test_a_pledge_later_than_its_80_percent_date_misses(country, perfect):
    result, _, _ = perfect
    early = [{**row, "p80": "2026-01"} for row in result["arrival"]["pledges"] if row["p80"]]
    rows = examples.score(country, {"study": STUDY, "arrival": {"pledges": early}})
    assert not rows["inside"].any()
    assert set(rows["miss"]) == {"too low"}


def test_a_block_that_a_run_does_not_have_gives_no_rows(country):
    rows = examples.score(country, {"study": STUDY})
    assert len(rows) == 0
    assert len(examples.summary(rows)) == 0
    assert isinstance(rows, pd.DataFrame)


@pytest.mark.parametrize("change", [{"theatre": "Elsewhere"}, {"origin": "2020-12"}])
def test_a_run_about_something_else_is_refused(country, change):
    with pytest.raises(StudyError, match="Quelmora"):
        examples.score(country, {"study": {**STUDY, **change}})
