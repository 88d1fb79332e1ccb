import importlib.util
from pathlib import Path

import numpy as np
import pandas as pd

from polgap.domain import Panel, check_table, empty_table
from polgap.sources._assemblies import with_counts

HERE = Path(__file__).parents[1] / "assess" / "synthetic.py"
SPEC = importlib.util.spec_from_file_location("assemblies_synthetic", HERE)
made = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(made)

AREAS = made.areas()
QUIET = Panel(made.panel(AREAS))
KEYS = ["area", "month"]


def counts(*rows):
    columns = ("area", "month", "protests", "riots", "demonstrations")
    return check_table("event_counts", pd.DataFrame(rows, columns=columns))


def test_assembly_and_riots_are_added_and_demonstrations_are_both_together():
    table, notes = with_counts(
        empty_table("protests"),
        counts(("area1", "2020-05", 4, 1, np.nan), ("area2", "2020-05", np.nan, np.nan, 6),
               ("area3", "2020-05", np.nan, 2, np.nan), ("area1", "2020-06", 3, 2, 5)),
        QUIET,
    )  # fmt: skip
    found = table.set_index(KEYS)

    assert found.loc[("area1", "2020-05"), ["assemblies", "violent"]].tolist() == [5.0, 1.0]
    assert found.loc[("area1", "2020-06"), ["assemblies", "violent"]].tolist() == [5.0, 2.0]
    assert found.loc[("area2", "2020-05"), "assemblies"] == 6.0
    assert pd.isna(found.loc[("area2", "2020-05"), "violent"])
    assert ("area3", "2020-05") not in found.index  # riots alone do not tell how many assembled
    assert set(table["basis"]) == {"computed"}
    assert [(n.code, n.values["rows"]) for n in notes] == [("sources.assemblies_from_counts", 3)]


def test_own_books_and_incidents_come_first():
    own = check_table("protests", pd.DataFrame(
        [{"area": "area1", "month": "2020-05", "assemblies": 9.0, "basis": "given"}]
    ))  # fmt: skip
    seen = np.full((len(AREAS), 60), np.nan)
    seen[AREAS["area"].tolist().index("area2"), -1] = 2.0
    panel = Panel(made.panel(AREAS, protests=seen))
    month = str(panel["month"].values[-1])
    given = counts(("area1", "2020-05", 1, 0, 1), ("area2", month, 1, 0, 1),
                   ("area3", month, 1, 0, 1))  # fmt: skip
    table, _ = with_counts(own, given, panel)
    found = table.set_index(KEYS)["assemblies"]

    assert found.to_dict() == {("area1", "2020-05"): 9.0, ("area3", month): 1.0}


def test_without_counts_nothing_changes():
    own = empty_table("protests")
    table, notes = with_counts(own, empty_table("event_counts"), QUIET)
    assert table is own and notes == ()
