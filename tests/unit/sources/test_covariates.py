import numpy as np
import pytest

from polgap.errors import DataError, SafeguardError
from polgap.sources.covariates import series


def written(tmp_path, text):
    path = tmp_path / "beside.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_series_are_read_by_area_and_month_and_silence_stays_silence(tmp_path):
    path = written(tmp_path, "area,month,Price\na,2020-01,1.5\na,2020-03,2\nz,2020-01,9\n")
    found = series(path, ["a", "b"], ["Price"])["Price"]

    assert found["month"].values.tolist() == ["2020-01", "2020-02", "2020-03"]
    assert found.values[0].tolist()[::2] == [1.5, 2.0]
    assert np.isnan(found.values[0, 1]) and np.isnan(found.values[1]).all()


def test_numbers_of_countries_are_keys_too(tmp_path):
    path = written(tmp_path, "country_id,month,rule\n57,2020-01,-1.2\n")

    assert float(series(path, [57], ["rule"])["rule"][0, 0]) == -1.2


def test_all_problems_are_named_at_once(tmp_path):
    path = written(tmp_path, "area,month,p\na,2020-01,much\na,2020-01,2\nb,2020-02,few\n")
    with pytest.raises(DataError) as error:
        series(path, ["a", "b"], ["p"])

    assert [(p.row, p.code) for p in error.value.problems] == [
        (2, "wrong_type"), (3, "duplicate_key"), (4, "wrong_type"),
    ]  # fmt: skip
    with pytest.raises(DataError, match="a column q"):
        series(path, ["a"], ["q"])
    with pytest.raises(DataError, match="no row of any area"):
        series(path, ["nowhere"], ["p"])


def test_columns_about_groups_are_refused(tmp_path):
    path = written(tmp_path, "area,month,ethnic_group\na,2020-01,1\n")
    with pytest.raises(SafeguardError):
        series(path, ["a"], ["ethnic_group"])
