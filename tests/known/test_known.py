"""Known cases: TOML that a planner can read, each with its source.

A case is ``[[case]]`` with name, call, given, expect and source. `call` is ``module:function``, or
the name of an adapter below where the inputs are tables; `given` are its arguments. `expect` holds
``value`` (with ``within``), or ``low`` and ``high``; ``not``, a figure it must stay away from;
``code``, a note that must be given; ``raises``, an error that must be raised, with ``words``.
"""

import importlib
import importlib.util
import tomllib
from pathlib import Path

import numpy as np
import pytest

from polgap import catalogue, errors

HERE = Path(__file__).parent
CASES = [
    pytest.param(case, id=f"{path.stem}: {case['name']}")
    for path in sorted(HERE.glob("*.toml"))
    for case in tomllib.loads(path.read_text(encoding="utf-8"))["case"]
]


def synthetic():
    """The made-up theatre of the tests of assess."""
    path = HERE.parent / "unit" / "assess" / "synthetic.py"
    spec = importlib.util.spec_from_file_location("known_synthetic", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def host_chain(figure, **counts):
    """Officers of the theatre at one step of the chain, from one row for the whole theatre."""
    from polgap.assess._host import host_police

    made = synthetic()
    ground = made.areas()
    people = np.repeat(ground["population"].to_numpy()[:, None], 200, axis=1)
    row = made.host(**counts)
    found = host_police(
        made.study(200), made.table("host_police", [row]), ground, 0, people, 3, made.theta(200)
    )
    return np.median(getattr(found, figure).sum(axis=(0, 1)))


def assignable(unit_type, subunit_strength):
    deploy = importlib.import_module("polgap.deploy")
    row = catalogue.table("unit_types").set_index("unit_type").loc[unit_type]
    return deploy.assignable(row, subunit_strength)


ADAPTERS = {"host_chain": host_chain, "assignable": assignable}


def answer(call, given):
    if call in ADAPTERS:
        return ADAPTERS[call](**given)
    module, name = call.split(":")
    plain = {k: np.array(v, dtype=float) if isinstance(v, list) else v for k, v in given.items()}
    return getattr(importlib.import_module(module), name)(**plain)


@pytest.mark.parametrize("case", CASES)
def test_known_case(case):
    assert set(case) == {"name", "call", "given", "expect", "source"}
    expect = dict(case["expect"])
    if "raises" in expect:
        with pytest.raises(getattr(errors, expect["raises"]), match=expect["words"]):
            answer(case["call"], case["given"])
        return
    found = answer(case["call"], case["given"])
    if "code" in expect:
        assert expect["code"] in [note.code for note in found]
        return
    assert "value" in expect or {"low", "high"} <= set(expect), "a case that cannot fail"
    if "value" in expect:
        assert found == pytest.approx(expect["value"], abs=expect.get("within", 0))
    else:
        assert np.all((expect["low"] <= np.asarray(found)) & (np.asarray(found) <= expect["high"]))
    if "not" in expect:
        assert np.all(np.abs(np.asarray(found) - expect["not"]) > 0.05)
