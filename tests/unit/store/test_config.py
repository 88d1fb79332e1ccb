import pytest

from polgap.errors import DataError
from polgap.store import Config, read_config, write_config

TOY = {
    "theatre": {"name": 'a "b"', "iso3": "SSD"},
    "run": {"origin": "2020-12"},
    "parameters": {"beat_ratio": (500.0, 1000.0, 2500.0)},
    "sources": {"events": {"origin": "e.csv", "sha256": "0", "rows": 3, "map": {"date": "d"}}},
}


def test_settings_come_back_as_written(tmp_path):
    config = Config.model_validate(TOY)
    (tmp_path / "project.toml").write_text(write_config(config), encoding="utf-8")

    assert read_config(tmp_path / "project.toml") == config


def test_an_unknown_key_names_line_and_nearest_key(tmp_path):
    text = write_config(Config.model_validate(TOY)).replace("draws = ", "drows = ")
    (tmp_path / "project.toml").write_text(text, encoding="utf-8")

    with pytest.raises(DataError) as caught:
        read_config(tmp_path / "project.toml")

    problem = caught.value.problems[0]
    assert problem.code == "unknown_key"
    assert "'draws'" in problem.wanted
    assert text.splitlines()[problem.row - 1].startswith("drows")


def test_a_value_out_of_range_is_named(tmp_path):
    text = write_config(Config.model_validate(TOY)).replace("months = 12", "months = 48")
    (tmp_path / "project.toml").write_text(text, encoding="utf-8")

    with pytest.raises(DataError, match=r"run\.months"):
        read_config(tmp_path / "project.toml")
