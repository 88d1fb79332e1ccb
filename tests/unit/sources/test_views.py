import gzip

import duckdb
import numpy as np
import pandas as pd
import pytest

from polgap.domain import month_number
from polgap.errors import DataError
from polgap.sources import views

COUNTRIES = [2, 5, 9]
FIRST = month_number("2010-01")


def truth(months=120):
    rng = np.random.default_rng(4)
    return rng.poisson([[0.3], [20.0], [400.0]], (3, months)).astype(int)


def parquet(frame, path):
    with duckdb.connect() as base:
        base.register("frame", frame)
        base.execute(f"copy frame to '{path}' (format parquet)")


def challenge_folder(folder, years=(2016, 2017), counts=None):
    counts = truth() if counts is None else counts
    ids = FIRST - month_number("1980-01") + 1
    for year in years:
        january = month_number(f"{year}-01") - FIRST
        rows = [
            (ids + january + m, c, int(counts[i, january + m]))
            for m in range(12)
            for i, c in enumerate(COUNTRIES)
        ]
        actual = pd.DataFrame(rows, columns=["month_id", "country_id", "outcome"])
        parquet(actual, folder / f"cm_actuals_Y{year}.parquet")
        rows = [
            (ids + january + m, c, d, int(counts[i, january - 14 + d]))
            for m in range(12)
            for i, c in enumerate(COUNTRIES)
            for d in range(12)
        ]
        draws = pd.DataFrame(rows, columns=["month_id", "country_id", "draw", "outcome"])
        parquet(draws, folder / f"bm_conflictology_Y{year}.parquet")
    return folder


def history_file(path, shift=0, counts=None, labels=False):
    counts = truth() if counts is None else counts
    country, month = np.meshgrid(COUNTRIES, np.arange(counts.shape[1]), indexing="ij")
    ids = month.ravel() + FIRST - month_number("1980-01") + 1 - shift
    frame = pd.DataFrame({"country_id": country.ravel(), "ged_sb": counts.ravel().astype(float)})
    if labels:
        frame["month"] = [f"{(m - 1) // 12 + 1980}-{(m - 1) % 12 + 1:02d}" for m in ids]
    else:
        frame["month_id"] = ids
    with gzip.open(path, "wt") as handle:
        frame.to_csv(handle, index=False)
    return path


@pytest.mark.parametrize("labels", [False, True])
def test_what_was_known_ends_in_october(tmp_path, labels):
    history = history_file(tmp_path / "h.csv.gz", labels=labels)
    known = views.known(challenge_folder(tmp_path), history, 2017)

    assert known.last == month_number("2016-10")
    assert known.first == FIRST
    assert known.countries == tuple(COUNTRIES)
    assert np.array_equal(known.counts, truth()[:, : known.last - FIRST + 1])
    assert known.agreement == 1.0


def test_official_values_come_before_the_history(tmp_path):
    rough = truth()
    rough[2, 59:80:7] += 3
    history = history_file(tmp_path / "h.csv.gz", counts=rough)
    known = views.known(challenge_folder(tmp_path), history, 2017)
    start = month_number("2014-11") - FIRST

    assert np.array_equal(known.counts[:, start:], truth()[:, start : known.counts.shape[1]])
    assert known.agreement < 1.0


def test_what_comes_later_changes_nothing(tmp_path):
    folder = challenge_folder(tmp_path)
    before = views.known(folder, history_file(tmp_path / "h.csv.gz"), 2016)
    later = truth()
    later[:, month_number("2015-11") - FIRST :] = 7777
    (folder / "cm_actuals_Y2016.parquet").write_bytes(b"not a table")
    (folder / "bm_conflictology_Y2017.parquet").write_bytes(b"not a table")
    after = views.known(folder, history_file(tmp_path / "h.csv.gz", counts=later), 2016)

    assert np.array_equal(before.counts, after.counts)


@pytest.mark.parametrize("shift", [12, 1, -2])
def test_a_shifted_history_is_refused_and_the_shift_named(tmp_path, shift):
    history = history_file(tmp_path / "h.csv.gz", shift=shift)
    with pytest.raises(DataError, match=rf"adding \{shift:+d} months to its dates gives 100 %"):
        views.known(challenge_folder(tmp_path), history, 2017)


def test_a_history_without_the_column_is_refused(tmp_path):
    path = tmp_path / "h.csv"
    path.write_text("month_id,country_id,deaths\n400,2,1\n")
    with pytest.raises(DataError, match="ged_sb"):
        views.known(challenge_folder(tmp_path), path, 2017)


def test_repeated_and_negative_cells_are_refused(tmp_path):
    path = tmp_path / "h.csv"
    path.write_text("month_id,country_id,ged_sb\n400,2,1\n400,2,1\n401,2,-4\n")
    with pytest.raises(DataError) as caught:
        views.known(challenge_folder(tmp_path), path, 2017)

    assert {p.code for p in caught.value.problems} == {"duplicate", "out_of_range"}


def test_a_window_without_files_is_refused(tmp_path):
    history = history_file(tmp_path / "h.csv.gz")
    with pytest.raises(DataError, match="bm_conflictology_Y2018"):
        views.known(challenge_folder(tmp_path), history, 2018)


def test_actuals_follow_the_order_of_countries(tmp_path):
    found = views.actuals(challenge_folder(tmp_path), 2016, (9, 2))
    january = month_number("2016-01") - FIRST

    assert np.array_equal(found, truth()[[2, 0], january : january + 12])
