import numpy as np
import pytest

from polgap.forecast import breakdown, challenge, value

COUNTRIES, YEARS = 12, (2018, 2019)
REGIONS = ["AF"] * 6 + ["AS"] * 4 + ["EU"] * 2


@pytest.fixture(scope="module")
def pair():
    """Scores of two forecasts of two windows: one that knows the level, one that repeats."""
    rng = np.random.default_rng(3)
    level = np.geomspace(0.2, 300.0, COUNTRIES)[:, None]
    found = ([], [])
    for year in YEARS:
        actual = rng.poisson(level * rng.gamma(1.0, 1.0, (COUNTRIES, 12))).astype(float)
        wide = rng.poisson(level[..., None] * rng.gamma(1.0, 1.0, (COUNTRIES, 12, 200)))
        narrow = rng.poisson(np.broadcast_to(level[..., None] * 2.0, (COUNTRIES, 12, 200)))
        for kept, draws in zip(found, (wide, narrow), strict=True):
            kept.append(challenge.score_cells(draws.astype(float), actual, window=year))
    return tuple(challenge.stacked(parts) for parts in found)


def test_every_cell_stands_once_in_each_way_of_parting(pair):
    rows = breakdown.breakdown(*pair, years=YEARS, regions=REGIONS, first=3)
    for by in ("year", "region", "horizon", "level"):
        assert sum(r["n"] for r in rows if r["by"] == by) == COUNTRIES * 24, by
    assert [r["value"] for r in rows if r["by"] == "year"] == ["2018", "2019"]
    assert [r["value"] for r in rows if r["by"] == "horizon"] == [str(h) for h in range(3, 15)]


def test_a_part_has_the_ratio_of_its_own_cells(pair):
    own, base = pair
    rows = breakdown.breakdown(own, base, years=YEARS, regions=REGIONS, first=3)
    africa = next(r for r in rows if r["value"] == "AF")
    assert africa["ratio_crps"] == pytest.approx(own["crps"][:6].sum() / base["crps"][:6].sum())
    later = next(r for r in rows if r["value"] == "2019")
    assert later["ratio_mis"] == pytest.approx(own["mis"][:, 12:].sum() / base["mis"][:, 12:].sum())
    ends = ("ratio_crps_low", "ratio_crps", "ratio_crps_high")
    for row in rows:
        low, mid, high = (row[k] for k in ends)
        assert low <= mid <= high or row["by"] == "level"


def test_ranks_of_a_forecast_that_is_too_narrow_pile_up_at_the_ends(pair):
    own, base = ({r["cells"]: r for r in breakdown.ranks(cells)} for cells in pair)
    assert sum(own["all"]["share"]) == pytest.approx(1.0)
    assert own["below_1"]["n"] + own["from_1"]["n"] == own["all"]["n"]

    def ends(row):
        return row["share"][0] + row["share"][-1]

    assert ends(base["from_1"]) > 0.5 > 0.35 > ends(own["from_1"])


def test_misses_are_the_largest_errors_with_their_month(pair):
    own, base = pair
    names = [f"country {i}" for i in range(COUNTRIES)]
    months = [f"{y}-{m:02d}" for y in YEARS for m in range(1, 13)]
    rows = breakdown.misses(own, base, names=names, months=months)
    assert [r["crps"] for r in rows] == sorted(own["crps"].ravel(), reverse=True)[:10]
    place = names.index(rows[0]["country"]), months.index(rows[0]["month"])
    assert own["actual"][place] == rows[0]["actual"]


def test_doubts_name_only_places_where_the_baseline_was_better(pair):
    own, base = pair
    names = [f"country {i}" for i in range(COUNTRIES)]
    rows = breakdown.doubts(base, own, names=names)
    assert rows
    for row in rows:
        place = names.index(row["country"])
        assert base["crps"][place].sum() - own["crps"][place].sum() == row["excess_crps"] > 0
    assert [r["excess_crps"] for r in rows] == sorted(r["excess_crps"] for r in rows)[::-1]


def test_the_quantile_of_the_service_level_is_the_cheapest_provision():
    draws = np.random.default_rng(0).gamma(2.0, 10.0, 20_000)
    level = value.service_level(short=4.0, idle=1.0)
    best = np.quantile(draws, level)

    def expected(provided):
        short, idle = np.maximum(draws - provided, 0.0), np.maximum(provided - draws, 0.0)
        return (level * short + (1 - level) * idle).mean()

    assert expected(best) < min(expected(best * 0.8), expected(best * 1.25))
    said = value.cost(np.broadcast_to(draws, (50, draws.size)), draws[:50], [level])
    by_hand = np.where(
        draws[:50] > best, level * (draws[:50] - best), (1 - level) * (best - draws[:50])
    )
    assert said[:, 0] == pytest.approx(by_hand)


def test_the_value_of_the_baseline_against_itself_is_one():
    rng = np.random.default_rng(1)
    found = value.costs(rng.poisson(5.0, (4, 12, 50)), rng.poisson(5.0, (4, 12)).astype(float))
    for row in value.table([found], [found]):
        assert row["ratio_cost"] == pytest.approx(1.0)
        assert row["n"] == (48 if row["quantity"] == "month" else 4)
