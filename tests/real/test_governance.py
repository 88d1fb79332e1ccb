"""The mapping from governance series to willingness is the one that the data give."""

import importlib.util
from pathlib import Path

import pandas as pd
import pytest

from polgap import catalogue
from polgap.domain import check_table
from polgap.evidence.priors import priors

SCRIPT = Path(__file__).parents[2] / "docs" / "governance_mapping.py"


@pytest.fixture(scope="module")
def mapping():
    spec = importlib.util.spec_from_file_location("governance_mapping", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_catalogue_holds_what_the_data_give(mapping, data):
    kept = catalogue.table("governance").astype(str)
    found = pd.DataFrame(mapping.fitted(data), columns=list(mapping.COLUMNS)).astype(str)

    for column in ("constant", "slope", "sd"):
        assert found[column].astype(float).to_numpy() == pytest.approx(
            kept[column].astype(float).to_numpy(), abs=2e-3
        )
    assert found["n"].tolist() == kept["n"].tolist()


def test_a_prior_holds_the_construct_it_stands_for_about_as_often_as_it_says(mapping, data):
    """WGI alone, over country-years: the construct lies in the 80 % range at least that often."""
    series = mapping.panel(data)
    lines = catalogue.table("governance").set_index(["indicator", "series"])
    for indicator, construct in mapping.CONSTRUCT.items():
        line = lines.loc[indicator, "wgi_rule_of_law"]
        known = series[[construct, "wgi_rule_of_law"]].dropna()
        off = known[construct] - line["constant"] - line["slope"] * known["wgi_rule_of_law"]

        assert 0.8 <= (off.abs() <= 1.2816 * line["sd"]).mean() <= 0.97, indicator


def test_south_sudan_is_put_below_norway(data):
    wgi = pd.read_csv(data / "governance" / "wgi_1996_2019.csv.gz", keep_default_na=False)
    wgi = wgi[(wgi["indicator"] == "RuleofLaw") & (wgi["year"] == 2019)]
    wgi = wgi[wgi["code"].isin(["SSD", "NOR"])]
    rows = wgi.rename(columns={"code": "iso3", "estimate": "value"})[["iso3", "year", "value"]]
    table = check_table("governance", rows.assign(indicator="RL.EST", source="WGI"))
    worse, better = (priors(table, iso3, "2020-12")["mid"] for iso3 in ("SSD", "NOR"))

    assert (worse + 0.2 < better).all()
    assert worse.max() < 0.5 < better.min()
