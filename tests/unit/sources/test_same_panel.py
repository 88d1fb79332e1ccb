"""However a planner's program saves a file, the same panel comes out of it."""

import csv
import gzip
import io
import random

import pytest

from polgap.domain import Study
from polgap.sources import import_sources, load_inputs

from .conftest import write

STUDY = Study("test", "2020-12")


def read(samples):
    text = (samples / "ucdp_ged" / "hdx.csv").read_text(encoding="utf-8")
    return list(csv.reader(io.StringIO(text)))


def text_of(rows, separator=","):
    out = io.StringIO()
    csv.writer(out, delimiter=separator).writerows(rows)
    return out.getvalue()


def shuffled(rows):
    order = list(range(len(rows[0])))
    random.Random(1).shuffle(order)
    return [[row[i] for i in order] for row in rows]


def dated(rows, form):
    at = [rows[0].index(name) for name in ("date_start", "date_end")]
    out = [list(row) for row in rows]
    for row in out[2:]:
        for i in at:
            year, month, day = row[i].split("-")
            row[i] = form.format(year=year, month=month, day=day)
    return out


WAYS = {
    "as it is": lambda rows: text_of(rows).encode(),
    "columns shuffled": lambda rows: text_of(shuffled(rows)).encode(),
    "rows backwards": lambda rows: text_of([*rows[:2], *rows[:1:-1]]).encode(),
    "unknown columns": lambda rows: text_of(
        [[*row, *("xyz" if i == 0 else "123")] for i, row in enumerate(rows)]
    ).encode(),
    "headers in capitals": lambda rows: text_of([[c.upper() for c in rows[0]], *rows[1:]]).encode(),
    "without tags": lambda rows: text_of([rows[0], *rows[2:]]).encode(),
    "day first": lambda rows: text_of(dated(rows, "{day}/{month}/{year}")).encode(),
    "with time": lambda rows: text_of(dated(rows, "{year}-{month}-{day} 00:00:00.000")).encode(),
    "with T": lambda rows: text_of(dated(rows, "{year}-{month}-{day}T00:00:00")).encode(),
    "semicolons": lambda rows: text_of(rows, ";").encode(),
    "tabs, latin-1": lambda rows: text_of(rows, "\t").encode("latin-1"),
    "utf-8 with mark": lambda rows: text_of(rows).encode("utf-8-sig"),
    "utf-16": lambda rows: text_of(rows).encode("utf-16"),
    "gzip": lambda rows: gzip.compress(text_of(rows).encode(), mtime=0),
    "everything": lambda rows: text_of(
        shuffled(dated([*rows[:2], *rows[:1:-1]], "{day}.{month}.{year}")), ";"
    ).encode("utf-16"),
}


@pytest.mark.parametrize("way", WAYS)
def test_the_same_panel(way, ask, samples, tmp_path):
    path = tmp_path / "ged.csv"
    path.write_bytes(WAYS[way](read(samples)))
    folder = write(tmp_path / "one", import_sources(ask(ucdp_ged=path)))
    plain = write(tmp_path / "two", import_sources(ask()))

    for name in ("events.csv", "coverage.csv"):
        assert (folder / "data" / name).read_bytes() == (plain / "data" / name).read_bytes()
    ours, theirs = load_inputs(STUDY, folder).panel, load_inputs(STUDY, plain).panel
    assert ours.identical(theirs)
