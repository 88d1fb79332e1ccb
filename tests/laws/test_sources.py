"""Laws of reading and placing."""

from pathlib import Path

import numpy as np
import pandas as pd
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from polgap.domain import schema
from polgap.errors import DataError
from polgap.sources import SOURCES
from polgap.sources._geometry import Locator, slug, square_km, whole
from polgap.sources._panel import panel, place
from polgap.sources._sheet import number_text, sheet_from
from polgap.sources.base import Context
from polgap.sources.safeguards import refused_kind

cells = st.text(st.characters(blacklist_categories=("Cs", "Cc")), max_size=12)


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=30), st.integers(0, 10**7))
def test_whole_numbers_keep_the_total_and_the_order(weights, total):
    out = whole(weights, total)

    assert (out >= 0).all()
    assert out.sum() == (total if sum(weights) > 0 else 0)
    if sum(weights) > 0:
        exact = np.array(weights) / sum(weights) * total
        assert (np.abs(out - exact) <= 1 + 1e-6 * total).all()


@given(st.text(max_size=200))
def test_any_text_is_a_sheet_or_an_error_of_ours(text):
    try:
        sheet = sheet_from(text, "f.csv")
    except DataError as error:
        assert all(p.file == "f.csv" for p in error.problems)
    else:
        assert len(set(sheet.rows())) == len(sheet.frame)


@given(st.lists(st.lists(cells, min_size=2, max_size=2), max_size=8))
def test_what_a_spreadsheet_writes_is_read_back(rows):
    import csv
    import io

    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([["a", "b"], *rows])
    kept = [[c.strip() for c in row] for row in rows]
    kept = [r for r in kept if any(r)]
    filled = [c for c in (kept[0] if kept else []) if c]
    if "\x00" in out.getvalue() or (filled and all(c.startswith("#") for c in filled)):
        return
    frame = sheet_from(out.getvalue(), "f.csv").frame
    guard = [[c[1:] if c[:1] == "'" and c[1:2] in "=+-@" and c[1:] else c for c in r] for r in kept]

    assert frame.to_numpy().tolist() == guard


@given(st.floats(allow_nan=False, allow_infinity=False, width=32))
def test_numbers_survive_in_any_separator(value):
    for separator in (",", ";"):
        assert float(number_text(repr(value), separator)) == value
    assert float(number_text(repr(value).replace(".", ","), ";")) == value


@given(st.text(max_size=40))
def test_slugs_are_plain_and_stay(name):
    once = slug(name)

    assert once == slug(once)
    assert all(c.isascii() and (c.islower() or c.isdigit() or c == "-") for c in once)


@given(st.text(max_size=40))
def test_headers_are_judged_without_regard_to_case(header):
    assert refused_kind(header.upper()) in (refused_kind(header.lower()), "person", "group", None)


def test_no_column_of_ours_is_refused():
    for name, columns in schema().items():
        for column in columns:
            assert refused_kind(column.name) is None, (name, column.name)


@given(st.integers(-89, 88), st.integers(-179, 178))
@settings(max_examples=30)
def test_surfaces_add_up(south, west):
    whole_box = square_km(shapely.box(west, south, west + 1, south + 1))
    halves = [square_km(shapely.box(west + a, south, west + a + 0.5, south + 1)) for a in (0, 0.5)]

    assert np.isclose(whole_box, sum(halves), rtol=1e-9)
    assert np.isclose(whole_box, square_km(shapely.box(west, -south - 1, west + 1, -south)))


def theatre(count):
    """Return `count` unit squares side by side along the equator."""
    return pd.DataFrame(
        {
            "area": [f"a{i:02d}" for i in range(count)],
            "parent": "",
            "level": "adm1",
            "population": np.arange(1.0, count + 1),
            "geometry": [shapely.box(i, 0, i + 1, 1) for i in range(count)],
        }
    )


points = st.lists(
    st.tuples(st.floats(-1, 6), st.floats(-1, 2), st.integers(1, 7), st.integers(0, 40)),
    max_size=25,
)


def table(rows):
    frame = pd.DataFrame(rows, columns=["lon", "lat", "where_prec", "deaths"]).astype(float)
    return frame.assign(event=[f"e{i}" for i in range(len(rows))], kind="one_sided",
                        month="2020-06")  # fmt: skip


COVER = pd.DataFrame(
    [{"source": "x", "kind": k, "from": "2020-01", "until": "2020-12"}
     for k in ("state_based", "non_state", "one_sided")]
)  # fmt: skip


@given(points, st.integers(0, 5))
@settings(max_examples=60, deadline=None)
def test_every_death_is_in_the_panel_or_outside(rows, seed):
    areas, events = theatre(5), table(rows)
    placed = place(events, areas, seed)
    cells = panel(events, placed, areas, COVER, "2020-12")
    inside = placed.at >= 0

    assert float(cells["one_sided"].sum()) == events["deaths"][inside].sum()
    assert float(cells["events"].sum()) == inside.sum()
    contained = Locator(areas["geometry"].tolist()).inside(events["lon"], events["lat"])
    precise = (events["where_prec"] <= 4).to_numpy() & (contained >= 0)
    assert (placed.at[precise] == contained[precise]).all()
    assert not (placed.snapped & placed.vague).any()


@given(points, st.integers(0, 5))
@settings(max_examples=40, deadline=None)
def test_neither_names_of_areas_nor_other_events_move_an_event(rows, seed):
    areas, events = theatre(5), table(rows)
    at = place(events, areas, seed).at
    renamed = areas.assign(area=[f"z{i}" for i in range(5)])

    assert (place(events, renamed, seed).at == at).all()
    half = events.iloc[::2].reset_index(drop=True)
    assert (place(half, areas, seed).at == at[::2]).all()


SAMPLES = Path(__file__).parents[1] / "samples"
SAMPLE_FILES = sorted(p for p in SAMPLES.glob("*/*") if p.is_file())


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_a_perturbed_sample_is_a_table_or_an_error_of_ours(tmp_path_factory, data):
    sample = data.draw(st.sampled_from(SAMPLE_FILES))
    raw = sample.read_bytes()
    at = data.draw(st.integers(0, len(raw)))
    end = data.draw(st.sampled_from([len(raw), at, at + 1, at + 30]))
    put = data.draw(st.sampled_from([b"", b"-7", b"1e999", b"x", b'"', b",", b"\n", b"\xff", b"@"]))
    path = tmp_path_factory.mktemp("perturbed") / sample.name
    path.write_bytes(raw[:at] + put + raw[end:])
    source = SOURCES[sample.parent.name]
    try:
        read = source.parse(path, Context("SSD", "UNTEST", "2020-12"))
    except DataError as error:
        assert error.problems and all(p.file == path.name for p in error.problems)
    else:
        columns = {c.name for c in schema()[source.table]}
        assert set(read.table) - columns <= {"geometry", "level"}
