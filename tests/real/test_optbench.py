"""The cores on public sets: what the command prints, on the smallest instances."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
KEYS = {"family", "instance", "status", "value", "reference", "gap_percent", "proved", "seconds",
        "peer", "peer_seconds"}  # fmt: skip


@pytest.mark.parametrize(("family", "instance"), [("pmed", "pmed10"), ("rcpsp_j30", "j301_1.sm")])
def test_the_best_value_known_is_found_and_proved(data, family, instance):
    told = subprocess.run(
        [sys.executable, "-m", "benchmarks.optbench", str(data / "optbench"), "--family", family,
         "--instance", instance, "--peer", "none", "--json"],
        check=True, capture_output=True, text=True, cwd=ROOT,
    )  # fmt: skip
    record = json.loads(told.stdout)
    assert record["schema"] == "polgap.bench/1"
    (row,) = record["rows"]
    assert set(row) >= KEYS
    assert (row["family"], row["instance"]) == (family, instance)
    assert row["gap_percent"] == 0.0 and row["proved"]
    assert row["peer"] is None


def test_an_unknown_instance_is_wrong_use(data):
    told = subprocess.run(
        [sys.executable, "-m", "benchmarks.optbench", str(data / "optbench"), "--family", "pmed",
         "--instance", "pmed999"],
        check=False, capture_output=True, text=True, cwd=ROOT,
    )  # fmt: skip
    assert told.returncode == 2 and not told.stdout and "pmed999" in told.stderr
