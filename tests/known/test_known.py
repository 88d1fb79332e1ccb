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


def roll_after_a_year(roll, attrition):
    """Officers on the books a year on, with nobody recruited and the attrition of a known year."""
    from polgap.assess._institutional import unsupported
    from polgap.assess._police import Police
    from polgap.assess._willing import willing

    made, year = synthetic(), catalogue.parameters()[attrition]
    chance = {**made.CALM, "host_attrition_year": (year.low, year.mid, year.high)}
    host = made.host_of([made.host(roll=roll)], draws=200, **chance)
    theta = made.theta(200, **chance)
    will = willing(made.study(200), made.table("willingness", []), ["police"], made.areas(), theta)
    one = np.ones(200)
    left = unsupported(Police(host, will, ["protection"], np.ones((1, 5)), one, one), theta)
    return np.median((left.host.roll * left.kept).sum(axis=(0, 1)))


def gap(counts=(4e5, 2e5, 1e5), rows=(), **options):
    made = synthetic()
    known = made.inputs(made.areas(counts), list(rows), overrides=made.CALM, **options)
    return made.measure(known)


def shortfall_of_need(roll):
    """National shortfall as a share of need."""
    made = synthetic()
    found = gap(rows=[made.host(roll=roll)] if roll else [])
    return float(found.shortfall.sum(dtype=float) / found.need.sum(dtype=float))


def least_change_of_need(factor):
    """Smallest change of need in any function, month and draw, officers.

    Over all areas: one area's part of a pooled surge may shrink while its neighbour's grows.
    """
    before, after = (
        gap([n * k for n in (4e5, 2e5, 1e5)]).need.sum("area", dtype=float) for k in (1.0, factor)
    )
    return float((after - before).min())


def province_short(capital):
    """How far the shortfall of the provinces moves between two numbers of police in the capital."""
    made = synthetic()
    rows = [made.host("area1", roll=50.0)]
    found = [gap(rows=[*rows, made.host("area0", roll=n, shares=1.0)]) for n in capital]
    left = [float(f.shortfall.sel(area=["area1", "area2"]).sum(dtype=float)) for f in found]
    assert left[0] > 0
    return [left[1] - left[0]]


def advised(able, willing, what):
    """Whether an institution is given equipment or headcount."""
    made = synthetic()
    row = made.host(shares=able, operational=1000.0, available=1000.0)
    advice = gap(rows=[row], willing=made.will(willing)).parts["advice"]["advice"].iloc[0]
    return int(catalogue.table("advice").set_index("advice").loc[advice, what])


def counted(provider, function, until="", times=1):
    """Officers of 100 that another provider gives in the mean of a year."""
    from polgap.assess._others import other_providers

    made = synthetic()
    row = {"provider": provider, "area": "area0", "function": function, "strength": 100,
           "legal_basis": "x", "counts": "full", "until": until, "basis": "given"}  # fmt: skip
    months, functions = made.study().report_months, [function]
    table, people = made.table("other_providers", [row] * times), np.ones(3)
    given, _ = other_providers(table, made.areas(), months, functions, people)
    return given.sum() / len(months)


ADAPTERS = {
    f.__name__: f
    for f in (host_chain, assignable, roll_after_a_year, shortfall_of_need, least_change_of_need,
              province_short, advised, counted)
}  # fmt: skip


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
