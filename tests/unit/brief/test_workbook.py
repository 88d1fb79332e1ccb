"""The workbook: every number is that of the run, no text is a formula, the same bytes again."""

import io
import re
import zipfile
from copy import deepcopy

import pytest

from polgap import catalogue
from polgap.brief import EDITIONS, PRODUCTS, edition, render_paper, render_workbook
from polgap.errors import StudyError

SHEETS = ["Read me", "Key figures", "Options paper", "Outcome and risk", "SUR", "Staffing",
            "Pledges and dates", "Force generation", "Arrivals by month", "Benchmarks",
            "Gap by area x function", "Assumptions", "Paths"]  # fmt: skip


def _cut(run, name):
    return edition(*run, name, key=b"secret")


@pytest.mark.parametrize(("kind", "name", "language"), [
    *(("full", name, "en") for name in EDITIONS), ("full", "internal", "fr"),
    *(("generated", name, "en") for name in EDITIONS), ("generated", "internal", "fr"),
    ("weak", "internal", "en"), ("bare", "public", "fr"),
])  # fmt: skip
def test_every_number_is_the_one_of_the_run(sample, back, kind, name, language):
    result, details = _cut(getattr(sample, kind)(), name)
    content = render_workbook(result, details, language)
    found, where = back.numbers(content), back.places(content)

    assert set(found) == set(where)
    wrong = {k: (v, where[k]) for k, v in found.items()
             if not back.same(v, back.at(where[k], result, details))}  # fmt: skip
    assert wrong == {}
    if kind == "full" and name == "internal":
        assert len(found) > 2000


def test_a_number_that_is_not_the_one_of_the_run_is_found(sample, back):
    result, details = sample.full()
    content = render_workbook(result, details, "en")
    result["gap"]["need"]["mid"] *= 1.001
    where, found = back.places(content), back.numbers(content)
    wrong = [p for k, p in where.items() if not back.same(found[k], back.at(p, result, details))]
    assert wrong == ["gap.need.mid"]


def test_there_is_a_sheet_for_every_product_and_none_for_what_an_edition_leaves_out(sample, back):
    run = sample.full()
    assert list(back.sheets(render_workbook(*run, "en"))) == SHEETS
    public = list(back.sheets(render_workbook(*_cut(run, "public"), "en")))
    for name in ("Options paper", "SUR", "Pledges and dates", "Gap by area x function"):
        assert name not in public
    assert "Key figures" in public


def test_no_text_from_data_is_a_formula_or_a_link(sample, back):
    starts = ("=", "+", "-", "@", '=HYPERLINK("http://x","', "\t=", "{=")
    result, details = deepcopy(sample.full())
    for rows, key in ((details["areas"], "name"), (details["pledges"], "contributor"),
                      (details["assumptions"], "source")):  # fmt: skip
        for i, row in enumerate(rows):
            row[key] = f"{starts[i % len(starts)]}{i}+1)"
    content = render_workbook(result, details, "en")
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        for name in parts.namelist():
            text = parts.read(name).decode("utf-8")
            assert not re.search(r"<f[ >]|hyperlink", text), name
    told = back.texts(content)
    assert all(f"{start}{i}+1)" in told for i, start in enumerate(starts))


def test_the_same_run_gives_the_same_bytes_and_no_time_or_path(sample, back):
    content = render_workbook(*sample.full(), "fr", run="r0001", digest="abc")
    assert content == render_workbook(*sample.full(), "fr", run="r0001", digest="abc")
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        assert {i.date_time[:3] for i in parts.infolist()} == {(1980, 1, 1)}


def test_below_grade_c_no_unit_numbers_of_an_option_are_fixed(sample, back):
    found = back.sheets(render_workbook(*sample.weak(), "en"))
    rows = found["SUR"]
    options = {row[0] for row in rows[5:] if row[0]}
    assert options == {"Present mission stays"}
    assert not any("units" in str(c) for row in found["Pledges and dates"][:5] for c in row[16:])


def test_a_statement_of_unit_requirement_adds_up_to_the_plan(sample, back):
    result, details = sample.full()
    rows = back.sheets(render_workbook(result, details, "en"))["SUR"]
    head = next(i for i, row in enumerate(rows) if row[0] == "Option")
    column = {name: i for i, name in enumerate(rows[head])}
    told = 0.0
    for row in rows[head + 1 :]:
        if row[0] == "Recommended":
            first, last = row[column["From"]], row[column["To"]]
            months = (last.year - first.year) * 12 + last.month - first.month + 1
            told += row[column["Units"]] * months
    plan = next(o for o in result["options"] if o["name"] == "recommended")["plan"]
    assert told == sum(row["number"] for row in plan) > 0


def test_key_figures_have_names_that_point_at_them(sample, back):
    content = render_workbook(*sample.full(), "en")
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        book = parts.read("xl/workbook.xml").decode("utf-8")
    named = dict(re.findall(r'<definedName name="([a-z_]+)">([^<]+)<', book))
    places = back.places(content)
    for name in ("need", "left_open"):
        for end in ("low", "mid", "high"):
            sheet, cell = named[f"{name}_{end}"].replace("'", "").replace("$", "").split("!")
            assert places[sheet, cell] == f"gap.{name}.{end}"


def test_a_language_or_an_edition_that_there_is_not_is_refused(sample, back):
    with pytest.raises(StudyError, match="language: got 'de'"):
        render_workbook(*sample.full(), "de")
    with pytest.raises(StudyError, match="options are not for the public edition"):
        render_paper("options", *_cut(sample.full(), "public"), "en")


def test_the_first_sheet_prints_decisions_dissent_and_what_is_void(sample, back):
    row = {"by": "adviser", "option": "reduced", "note": "for now", "dissent": "too few women",
           "unmet": ["hrddp"], "time": "2026-11-22T09:00:00Z",
           "sha256": "0123456789abcdef"}  # fmt: skip
    run = sample.full()
    told = back.texts(render_workbook(*run, "en", [{**row, "void": ""}]))
    for words in ("Decided for option", "too few women", "0123456789ab", "human-rights due"):
        assert words in told
    assert "DRAFT: nobody" not in told
    void = back.texts(render_workbook(*run, "en", [{**row, "void": "inputs_changed"}]))
    assert "VOID: an input has changed since." in void and "DRAFT: nobody" in void
    host = back.texts(render_workbook(*_cut(run, "host"), "en", [{**row, "void": ""}]))
    assert "too few women" not in host and "for now" not in host


def test_the_shares_of_job_profiles_add_up_for_every_function():
    profiles = catalogue.table("job_profiles")
    sums = profiles.groupby("function")["share"].sum()
    assert set(sums.index) == set(catalogue.table("functions")["function"])
    assert (sums.round(9) == 1).all()
    assert profiles["profile"].is_unique


def test_every_row_of_the_catalogues_of_products_has_its_words():
    codes = set(catalogue.message_codes())
    for row in catalogue.table("benchmarks").to_dict("records"):
        for code in (f"cpas.{row['outcome']}", f"goal.{row['target']}", f"means.{row['kind']}",
                     f"period.{row['period']}", f"tell.{row['owner']}"):  # fmt: skip
            assert code in codes
    for kind in catalogue.table("unit_types")["unit_type"]:
        assert {f"skills.{kind}", f"equipment.{kind}"} <= codes
    references = set(catalogue.table("references")["reference"])
    for table in ("benchmarks", "job_profiles"):
        assert set(catalogue.table(table)["reference"]) <= references


def test_the_force_generation_plan_has_its_sheets(sample, back):
    found = back.sheets(render_workbook(*sample.generated(), "en"))
    for name in ("Generation schedule", "What decides the date", "Shared resources",
                 "Bridging plan", "Shortfall list", "Nobody can serve", "Whom to call",
                 "Due in 90 days"):  # fmt: skip
        assert name in found
    told = back.texts(render_workbook(*sample.generated(), "en"))
    assert "the host State refuses its consent to a base there" in told
    public = back.sheets(render_workbook(*_cut(sample.generated(), "public"), "en"))
    assert not {"Whom to call", "Generation schedule", "Nobody can serve"} & set(public)


def test_a_statement_of_unit_requirement_names_paragraph_and_task(sample, back):
    rows = back.sheets(render_workbook(*sample.full(), "en"))["SUR"]
    head = next(i for i, row in enumerate(rows) if row[0] == "Option")
    tasks = [
        row[rows[head].index("Tasks of the mandate, by paragraph")] for row in rows[head + 1 :]
    ]
    assert any("8(a) Protect civilians" in task for task in tasks if task)
    assert any("(in no paragraph of the mandate)" in task for task in tasks)
    page = render_paper("sur", *sample.full(), "en")
    assert "Mandate, paragraphs" in page and "8(a) Protect civilians" in page


@pytest.mark.parametrize("kind", PRODUCTS)
def test_every_product_is_a_page_in_both_languages(sample, kind):
    for language, words in (("en", "How to read it"), ("fr", "Comment lire")):
        page = render_paper(kind, *sample.generated(), language)
        assert words in page and page.count("<table") >= 1 and "https://" not in page
        bare = render_paper(kind, *sample.bare(), language)
        assert "nan" not in re.sub(r"<[^>]+>", " ", bare).split()
    if kind == "generation":
        assert "<svg" in page
