"""A forecast taken up again is the one that was made; a broken file is made again."""

from dataclasses import replace

import pytest

from polgap import examples, forecast
from polgap.store import StoredForecasts, _forecasts
from polgap.store._forecasts import forecast_key


@pytest.fixture(scope="module")
def asked():
    study, inputs = examples.toy()
    return study, inputs.panel


@pytest.fixture(scope="module")
def made(asked):
    return forecast.predict(*asked)


@pytest.fixture
def store(tmp_path, made, monkeypatch):
    """A store whose forecasts are counted; each is the real one, made once for all tests."""
    calls, told = [], []

    def predict(*given):
        calls.append(given)
        return made

    monkeypatch.setattr(_forecasts.forecast, "predict", predict)
    found = StoredForecasts(tmp_path / "cache", told.append)
    return found, calls, told


def the_file(store):
    (path,) = store.folder.glob("forecast-*.zip")
    return path


def test_what_is_taken_up_again_is_what_was_made(store, asked, made):
    stored, calls, told = store
    first, again = stored(*asked), stored(*asked)

    assert len(calls) == 1
    assert told == [the_file(stored)]
    assert first is made
    assert again.futures.identical(made.futures)
    for name in made.futures.data_vars:
        assert again.futures[name].dtype == made.futures[name].dtype
        assert again.futures[name].attrs == made.futures[name].attrs
    assert again.fan.equals(made.fan)
    assert (again.skill, again.model, again.notes) == (made.skill, made.model, made.notes)


def test_only_what_is_looked_at_is_read_back(store, asked, made):
    stored, calls, _ = store
    stored(*asked)

    again = replace(stored, only=("events",))(*asked)

    assert len(calls) == 1
    assert list(again.futures) == ["events"]
    assert again.futures["events"].identical(made.futures["events"])
    assert again.fan.equals(made.fan)


@pytest.mark.parametrize("harm", ["truncated", "changed", "empty", "no_zip", "another"])
def test_a_broken_file_is_made_again(store, asked, made, harm):
    stored, calls, told = store
    stored(*asked)
    path = the_file(stored)
    whole = path.read_bytes()
    middle = bytearray(whole)
    middle[len(whole) // 3] ^= 0xFF
    path.write_bytes({
        "truncated": whole[: len(whole) // 2], "changed": bytes(middle), "empty": b"",
        "no_zip": b"polgap", "another": whole,
    }[harm])  # fmt: skip
    if harm == "another":  # of other inputs, under this name
        stored(replace(asked[0], seed=99), asked[1])
        other = next(p for p in stored.folder.glob("*.zip") if p != path)
        other.replace(path)
    before = len(calls)

    again = stored(*asked)

    assert told == []
    assert len(calls) == before + 1
    assert again.futures.identical(made.futures)
    stored(*asked)
    assert len(told) == 1


def test_the_key_changes_with_all_that_enters_and_with_nothing_else(asked):
    study, panel = asked
    key = forecast_key(study, panel)
    other = panel.copy(deep=True)
    other["events"][0, -1] += 1
    renamed = panel.assign_coords(area=[f"x{a}" for a in panel["area"].values])

    assert key == forecast_key(replace(study, months=6, theatre="Elsewhere"), panel)
    changed = [
        *(forecast_key(replace(study, **{k: v}), panel)
          for k, v in {"seed": 9, "draws": 7, "origin": "2020-01", "forecast_months": 13}.items()),
        forecast_key(study, other),
        forecast_key(study, renamed),
    ]  # fmt: skip
    assert len({key, *changed}) == 7


def test_only_the_last_used_are_kept(store, asked, monkeypatch):
    stored, _, told = store
    monkeypatch.setattr(_forecasts, "KEPT", 2)
    studies = [replace(asked[0], seed=seed) for seed in (1, 2, 3)]
    for study in (studies[0], studies[1], studies[0], studies[2]):
        stored(study, asked[1])

    assert len(list(stored.folder.glob("*.zip"))) == 2
    told.clear()
    stored(studies[0], asked[1])
    assert len(told) == 1


def test_a_folder_that_cannot_be_made_is_done_without(tmp_path, store, asked, made):
    (tmp_path / "file").write_text("", encoding="utf-8")
    stored = StoredForecasts(tmp_path / "file" / "cache")

    assert stored(*asked) is made
