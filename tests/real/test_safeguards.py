"""The refusal read over every CSV of the data folder: none is about persons or groups."""

import csv
import gzip

import pandas as pd

from polgap.sources._sheet import plain
from polgap.sources.safeguards import check_cells, refused_kind

ROWS = 40


def _head(path):
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8", errors="replace") as handle:
        return [row for _, row in zip(range(ROWS + 1), csv.reader(handle), strict=False)]


def test_no_column_of_the_public_data_is_refused_by_mistake(data):
    refused, columns = [], 0
    for path in sorted([*data.rglob("*.csv"), *data.rglob("*.csv.gz")]):
        head, *rows = _head(path) or [[]]
        refused += [(path.name, h) for h in head if refused_kind(h)]
        columns += len(head)
        names = [f"{plain(h)}.{i}" for i, h in enumerate(head)]
        body = [row for row in rows if len(row) == len(head)]
        frame = pd.DataFrame(body, columns=names, dtype="str")
        frame = frame.rename(columns=lambda c: c.rpartition(".")[0])
        frame = frame.loc[:, ~frame.columns.duplicated()]
        refused += [(path.name, p.column, p.got) for p in check_cells(frame, path.name)]

    assert columns > 3000
    assert refused == []
