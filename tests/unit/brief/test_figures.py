"""Figures: well-formed, self-contained, and never colour alone."""

import re
from xml.etree import ElementTree

import pytest

from polgap.brief import figures
from polgap.brief._model import Raw

SQUARE = {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]]}
NEXT = {"type": "MultiPolygon", "coordinates": [[[[1, 0], [2, 0], [2, 1], [1, 1], [1, 0]]]]}
WORDS = {"title": "t <1>", "desc": 'd "2"'}
ENDS = (80.0, 100.0, 130.0)


def _map(values=(5.0, None), link="row"):
    shapes = [
        figures.Shape(Raw("<script>"), g, x, 0.5, v, "told & said", link)
        for g, x, v in zip((SQUARE, NEXT), (0.5, 1.5), values, strict=True)
    ]
    return figures.choropleth("m", shapes, (10.0, 50.0), legend=("a", "b", "c"), no_data="none",
                              km="km", north="N", **WORDS)  # fmt: skip


def _fan(history=(3.0, None, 4.0)):
    row = dict(zip(("q05", "q10", "q25", "q50", "q75", "q90", "q95"), range(7), strict=True))
    return figures.fan("f", history, [row, row, row], show=str, months=[(0, "2020")],
                       legend=("1", "2", "3", "4", "5"), cut="cut", **WORDS)  # fmt: skip


DRAWN = {
    "map": _map,
    "fan": _fan,
    "waterfall": lambda: figures.waterfall(
        "w", [figures.Stage("a", ENDS, "1", "#123"), figures.Stage("b", None, "–", "#123", "s"),
              figures.Stage("c", ENDS, "1", "#123")], show=str, **WORDS),
    "bars": lambda: figures.bars(
        "b", [figures.Bar("a", (-3.0, -2.0, -1.0), "-2"), figures.Bar(Raw("b"), None, "–")],
        show=str, **WORDS),
    "bullets": lambda: figures.bullets(
        "b", [figures.Bullet("a", 9.0, 5.0, ENDS, "1"), figures.Bullet("b", None, None, None, "–")],
        show=str, legend=("x", "y", "z"), **WORDS),
    "stacked": lambda: figures.stacked("s", [("a", "1 %", 0.4, "#111")] * 2, **WORDS),
    "tornado": lambda: figures.tornado(
        "t", [("a", -3.0, 4.0, "-3", "+4"), ("b", 0.0, 0.0, "0", "0")], legend=("l", "h"), **WORDS),
    "intervals": lambda: figures.intervals(
        "i", [figures.Bar("a", ENDS, "1"), figures.Bar("b", None, "–")], show=str, **WORDS),
    "curve": lambda: figures.curve(
        "c", [figures.Line("a", [ENDS, None, ENDS], "#111", True),
              figures.Line("b", [ENDS, ENDS, ENDS], "#222")], show=str, months=[(0, "m")], **WORDS),
    "months": lambda: figures.month_maps(
        "mm", [figures.Shape(Raw("a"), SQUARE, 0.5, 0.5, None),
               figures.Shape(Raw("b"), NEXT, 1.5, 0.5, None)],
        [figures.MonthMap("May", "5 (4-6)", (5.0, None)), figures.MonthMap("June", "1", (0, 99.0)),
         figures.MonthMap("July", "1", (None, None)), figures.MonthMap("Aug", "1", (1.0, 2.0))],
        (10.0, 50.0), legend=("a", "b", "c"), no_data="none", **WORDS),
    "panels": lambda: figures.panels(
        "pp", [figures.Panel("a long name that needs two lines to be told", [ENDS] * 3, [ENDS] * 3,
                             [ENDS, None, ENDS]),
               figures.Panel(Raw("b"), [], [], [None])],
        show=str, months=("May", "July"), legend=("x", "y", "z", "i"), **WORDS),
    "parted": lambda: figures.parted(
        "ww", [figures.Parted(Raw("a"), (0.4, 0.8, -0.2), "9"),
               figures.Parted("b", (0.0, 0.0, 0.0), "–")],
        legend=(("x", "#9fb1c1"), ("y", "#1f5078"), ("z", "#b3411f")), show=str, **WORDS),
    "steps": lambda: figures.steps("p", [figures.Step("a", 30.0, "30")], total="30", **WORDS),
}  # fmt: skip


@pytest.mark.parametrize("name", DRAWN)
def test_a_figure_is_well_formed_and_told(name):
    root = ElementTree.fromstring(DRAWN[name]())
    kinds = {child.tag.split("}")[1]: child.text for child in root}
    assert kinds["title"] == "t <1>"
    assert kinds["desc"] == 'd "2"'
    assert root.get("aria-labelledby").split() == [f"{root[0].get('id')}", f"{root[1].get('id')}"]


@pytest.mark.parametrize("name", DRAWN)
def test_no_coordinate_is_lost(name):
    assert not re.search(r'="(nan|inf|-inf|None)"', DRAWN[name]())


@pytest.mark.parametrize("name", DRAWN)
def test_text_stays_inside_the_picture(name):
    root = ElementTree.fromstring(DRAWN[name]())
    width = float(root.get("viewBox").split()[2])
    for text in root.iter("{http://www.w3.org/2000/svg}text"):
        assert -1 <= float(text.get("x")) <= width + 1


def test_what_has_no_data_is_hatched_and_has_no_letter():
    svg = _map()
    areas = svg.split("<defs>")[1].split("</defs>")[1]
    assert areas.count('fill="url(#m-none)"') == 2  # the area and the legend
    assert ">A</text>" in areas


def test_zero_is_not_no_data():
    assert _map((0.0, 0.0)).count('fill="url(#m-none)"') == 1  # the legend only


def test_areas_are_links_in_a_group_only_where_there_is_something_to_go_to():
    assert 'role="group"' in _map()
    assert 'role="img"' in _map(link="")
    assert "<a " not in _map(link="")


def test_neighbours_keep_their_common_border():
    left, right = re.findall(r'<path d="M([^"]+)z"', _map())[:2]  # the third is the north arrow

    def corners(path):
        start, moves = path.split("l")
        x, y = map(int, start.split())
        found = [(x, y)]
        numbers = [int(n) for n in re.findall(r"-?\d+", moves)]
        for dx, dy in zip(numbers[::2], numbers[1::2], strict=True):
            x, y = x + dx, y + dy
            found.append((x, y))
        return set(found)

    assert len(corners(left) & corners(right)) == 2


@pytest.mark.parametrize(
    "values", [[], [0.0], [None], [3.0], [1e-6, 5.0], [float(10**k) for k in range(7)], [7.0] * 50]
)
def test_breaks_rise_and_leave_no_value_without_a_class(values):
    breaks = figures.breaks_of(values)
    assert list(breaks) == sorted(set(breaks))
    assert 1 <= len(breaks) <= 5
    assert all(figures.class_of(v, breaks) in set("ABCDEF") for v in values if v is not None)


def test_months_not_observed_are_hatched_in_the_fan():
    assert _fan().count("url(#f-none)") == 1
    assert _fan((None, None, None)).count("url(#f-none)") == 1
    assert "url(#f-none)" not in _fan((1.0, 2.0, 3.0))


def test_a_negative_part_stands_left_of_zero_and_parts_do_not_overlap():
    svg = DRAWN["parted"]()
    body = svg.split(">z</text>")[1]
    parts = [(float(x), float(w)) for x, w in
             re.findall(r'<rect x="([\d.]+)" y="[\d.]+" width="([\d.]+)"', body)]  # fmt: skip
    first, second, negative = parts
    assert negative[0] + negative[1] == pytest.approx(first[0], abs=0.2)
    assert first[0] + first[1] == pytest.approx(second[0], abs=0.2)
    assert second[1] == pytest.approx(2 * first[1], abs=0.3)


def test_a_part_says_its_number_and_not_its_colour_alone():
    letters = re.findall(r'font-weight="600" data-letter="">(\d)<', DRAWN["parted"]())
    assert letters == ["1", "2", "3", "1", "2", "3"]  # the legend, then the bar


def test_maps_by_month_share_their_outlines_and_letters_follow_the_values():
    svg = DRAWN["months"]()
    assert svg.count("<path") == 2 and svg.count("<use") == 8
    assert svg.count('fill="url(#mm-none)"') == 3 + 1  # and the legend
    maps = svg.split("translate(0 20)")[1:]
    assert [re.findall(r">([A-F])</text>", m)[:2] for m in maps[:2]] == [["A"], ["A", "C"]]


def test_a_gap_in_a_line_stays_a_gap():
    svg = figures.spark([1.0, None, 2.0], [ENDS, None, ENDS], 130.0, "#333")
    seen, ahead = (d.count("M") for d in re.findall(r'd="([^"]+)"[^>]*fill="none"', svg))
    assert (seen, ahead) == (2, 2)
    assert 'aria-hidden="true"' in svg


def test_a_gantt_chart_hatches_what_is_critical_and_marks_dates_by_shape():
    tasks = [figures.Task("1", 0, 30, True), figures.Task("2", 30, 60, False)]
    lanes = [figures.Lane(Raw("p<1"), "1 FPU", tasks, [90.0, 120.0, None], "not reached: 95%")]
    key = figures.Key([("1", "Decision"), ("2", "Camp")], "critical", "slack", ["50", "80", "95"])
    svg = figures.gantt("g", lanes, key, title="T", desc="D", months=[(0.0, "Jan"), (91.0, "Apr")])
    root = ElementTree.fromstring(svg)
    fills = [e.get("fill") for e in root.iter("{http://www.w3.org/2000/svg}rect")]
    assert fills.count("url(#g-hatch)") == 2  # the task and its key
    marks = [e.get("d") for e in root.iter("{http://www.w3.org/2000/svg}path")]
    assert len(marks) == 2 + 3  # two dates reached, three in the key
    assert len({d.translate(str.maketrans("", "", "0123456789. -")) for d in marks[:2]}) == 2
    assert "p&lt;1" in svg
    assert "not reached: 95%" in svg


def test_a_gantt_chart_without_pledges_is_a_picture_all_the_same():
    key = figures.Key([], "critical", "slack", ["50", "80", "95"])
    svg = figures.gantt("g", [], key, title="T", desc="D", months=[(0.0, "Jan")])
    assert ElementTree.fromstring(svg).get("viewBox")
