"""Bytes, text, cells, dates and codes."""

import gzip
import zipfile

import pytest

from polgap.errors import DataError
from polgap.sources import resolve
from polgap.sources._countries import countries, country
from polgap.sources._dates import month_of
from polgap.sources._files import read_bytes
from polgap.sources._sheet import number_text, read_sheet, sheet_from


def problems(call, *arguments):
    with pytest.raises(DataError) as error:
        call(*arguments)
    return [(p.row, p.column, p.code) for p in error.value.problems]


def test_row_numbers_are_those_of_a_spreadsheet():
    sheet = sheet_from("a,b\n#x,#y\n\n1,2\n\n3,4\n", "f.csv")

    assert sheet.rows() == [4, 6]
    assert sheet.frame["b"].tolist() == ["2", "4"]


def test_excels_separator_line_is_no_row():
    sheet = sheet_from("sep=;\na;b\n1,5;2\n", "f.csv")

    assert (sheet.separator, sheet.rows()) == (";", [2])


def test_a_multi_line_cell_is_one_row():
    assert sheet_from('a,b\n"x\ny",1\nz,2\n', "f.csv").rows() == [2, 3]


def test_short_rows_are_filled_and_long_ones_refused():
    assert sheet_from("a,b\n1\n", "f.csv").frame["b"].tolist() == [""]
    assert problems(sheet_from, "a,b\n1,2\n1,2,3\n", "f.csv") == [(3, None, "too_many_cells")]


def test_a_header_stands_once():
    assert problems(sheet_from, "Area,area\n1,2\n", "f.csv") == [(1, "area", "duplicate_column")]


def test_the_guard_against_formulas_is_taken_off():
    assert sheet_from("a\n'=1+1\n'quoted\n", "f.csv").frame["a"].tolist() == ["=1+1", "'quoted"]


def test_namibia_is_no_missing_value():
    assert sheet_from("countrycode\nNA\n", "f.csv").frame["countrycode"].tolist() == ["NA"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_encodings(encoding, tmp_path):
    path = tmp_path / "f.csv"
    path.write_bytes("nom,n\nMambéré-Kadéï,1\n".encode(encoding))

    assert read_sheet(path).frame["nom"].tolist() == ["Mambéré-Kadéï"]


@pytest.mark.parametrize(
    ("cell", "separator", "text"),
    [
        ("14,861", ",", "14861"),
        ("14,861", ";", "14.861"),
        ("1.234.567,5", ";", "1234567.5"),
        ("1,234.5", ";", "1234.5"),
        ("12 000", ";", "12000"),
        ("12\u202f000,5", ";", "12000.5"),
        ("-0,5", ";", "-0.5"),
        ("1e3", ",", "1e3"),
        ("n/a", ",", "n/a"),
    ],
)
def test_numbers_as_people_write_them(cell, separator, text):
    assert number_text(cell, separator) == text


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("2020-03", "2020-03"),
        ("2020-3-5", "2020-03"),
        ("2020-03-25T10:00:00Z", "2020-03"),
        ("31/12/2020", "2020-12"),
        ("31.12.2020", "2020-12"),
        ("3/2020", "2020-03"),
        ("2020-02-30", None),
        ("12/31/2020", None),
        ("2020", None),
        ("soon", None),
    ],
)
def test_dates(text, month):
    assert month_of(text) == month


def test_gzip_and_zip_are_read_by_content(tmp_path):
    (tmp_path / "a.csv").write_bytes(gzip.compress(b"a\n1\n"))
    with zipfile.ZipFile(tmp_path / "b.bin", "w") as archive:
        archive.writestr("x/inner.csv", "a\n1\n")

    assert read_bytes(tmp_path / "a.csv") == read_bytes(tmp_path / "b.bin") == b"a\n1\n"


def test_archives_that_are_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "two.zip", "w") as archive:
        archive.writestr("a.csv", "a")
        archive.writestr("b.csv", "b")
    with zipfile.ZipFile(tmp_path / "book.xlsx", "w") as archive:
        archive.writestr("[Content_Types].xml", "<x/>")
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", b"0" * 30_000_000)
    (tmp_path / "bomb.gz").write_bytes(gzip.compress(b"0" * 30_000_000))

    assert problems(read_bytes, tmp_path / "two.zip") == [(None, None, "zip")]
    assert problems(read_bytes, tmp_path / "book.xlsx") == [(None, None, "not_csv")]
    assert problems(read_bytes, tmp_path / "bomb.zip") == [(None, None, "too_large")]
    assert problems(read_bytes, tmp_path / "bomb.gz") == [(None, None, "too_large")]


def test_resolve_looks_in_each_root_in_turn(tmp_path):
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "f.csv").write_text("x")

    assert resolve("f.csv", [tmp_path / "a", tmp_path / "b"]) == tmp_path / "b" / "f.csv"
    assert resolve(tmp_path / "b" / "f.csv", []) == tmp_path / "b" / "f.csv"
    assert problems(resolve, "g.csv", [tmp_path]) == [(None, None, "missing_file")]
    assert problems(resolve, "/vsicurl/http://x/y.csv", []) == [(None, None, "missing_file")]


def test_countries_are_complete_and_unique():
    rows = countries().values()
    for code in ("iso3", "iso2", "iso_n3", "gw"):
        held = [getattr(r, code) for r in rows if getattr(r, code)]
        assert len(held) == len(set(held)), code
    assert all(len(r.iso2) == 2 and r.name_en and r.name_fr for r in rows)
    assert {r.iso_n3 for r in rows} - {""} == {f"{int(r.iso_n3):03d}" for r in rows if r.iso_n3}


def test_a_country_is_matched_by_code_only():
    assert country("cod").matches("gw", "490")
    assert country("SRB").matches("gw", "340") and country("SRB").matches("gw", "345")
    assert not country("CAF").matches("iso3", "Central African Republic")
    assert not country("ATA").matches("gw", "")
    assert problems(country, "South Sudan") == [(None, "country", "unknown_country")]
