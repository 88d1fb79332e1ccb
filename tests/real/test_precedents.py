"""Precedents marked SEEN stand in the paragraphs of the Secretary-General's reports."""

import os
from pathlib import Path

import pandas as pd
import pytest

from polgap import catalogue

PARAGRAPHS = Path(os.environ.get("POLGAP_DATA", "")) / "evidence" / "sg_police_paragraphs.csv"


@pytest.mark.skipif(not PARAGRAPHS.is_file(), reason="POLGAP_DATA has no sg_police_paragraphs.csv")
def test_a_precedent_that_was_seen_is_there():
    table = pd.read_csv(PARAGRAPHS, dtype=str)
    there = set(zip(table["document"], table["para"], strict=True))
    seen = [r for r in catalogue.table("precedents").to_dict("records") if r["mark"] == "SEEN"]
    assert len(seen) >= 15
    for row in seen:
        key = f"{row['mission']}_{row['document'].replace('/', '_')}"
        assert (key, str(row["paragraph"])) in there, row
