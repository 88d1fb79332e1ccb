"""One battery over the registry: every source reads its samples and refuses the same things."""

import zipfile
from pathlib import Path

import pytest

from polgap.domain import schema
from polgap.errors import DataError, SafeguardError
from polgap.sources import SOURCES
from polgap.sources.base import Context, Source

SAMPLES = Path(__file__).parents[1] / "samples"
FRENCH = {"event": "N°", "date": "Jour", "lat": "Latitude", "lon": "Longitude",
          "kind": "Nature", "deaths": "Morts"}  # fmt: skip
MAPS = {"incidents_fr.csv": FRENCH}
LATER = {"towns": {"area"}, "areas": {"population", "population_basis"}}
FILES = sorted(p for p in SAMPLES.glob("*/*") if p.is_file())
TEXTS = [p for p in FILES if p.suffix == ".csv"]


def name(path):
    return f"{path.parent.name}/{path.name}"


def context(path):
    return Context("SSD", "UNTEST", "2020-12", "", MAPS.get(path.name, {}))


def test_every_source_has_a_sample_and_no_sample_is_alone():
    assert {p.parent.name for p in FILES} == set(SOURCES)


@pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCES)
def test_a_source_says_what_it_is(source: Source):
    assert SOURCES[source.name] is source
    assert source.title and source.licence and source.citation
    assert source.table in schema()


@pytest.mark.parametrize("path", FILES, ids=name)
def test_a_sample_becomes_its_table(path):
    source = SOURCES[path.parent.name]
    before = path.read_bytes()
    read = source.parse(path, context(path))
    columns = {c.name for c in schema()[source.table]}
    needed = {c.name for c in schema()[source.table] if c.required}

    assert len(read.table) > 0
    assert set(read.table) - columns <= {"geometry", "level"}
    assert needed - set(read.table) <= LATER.get(source.name, set())
    assert path.read_bytes() == before
    assert read.table.equals(source.parse(path, context(path)).table)


@pytest.mark.parametrize("path", TEXTS, ids=name)
def test_a_zipped_sample_is_the_same(path, tmp_path):
    packed = tmp_path / f"{path.name}.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.write(path, path.name)
    source = SOURCES[path.parent.name]
    told = context(path)

    assert source.parse(packed, told).table.equals(source.parse(path, told).table)


@pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCES)
@pytest.mark.parametrize(
    ("file", "content", "code"),
    [
        ("empty.csv", b" \n", "empty_file"),
        ("broken.zip", b"PK\x03\x04 and no more", "broken_zip"),
        ("broken.csv.gz", b"\x1f\x8b\x08\x00 and no more", "broken_gzip"),
        ("binary.csv", b"a,b\nc\x00\x01,d\n", "not_text"),
    ],
)
def test_no_source_reads_rubbish(source, file, content, code, tmp_path):
    path = tmp_path / file
    path.write_bytes(content)
    with pytest.raises(DataError) as error:
        source.parse(path, Context("SSD", "UNTEST", "2020-12"))

    assert [(p.file, p.code) for p in error.value.problems] == [(file, code)]


@pytest.mark.parametrize("path", TEXTS, ids=name)
@pytest.mark.parametrize(
    ("header", "cell"),
    [
        ("Téléphone", ""),
        ("ethnicity", "x"),
        ("date_of_birth", "1990-01-01"),
        ("remarks", "ask desk@police.example"),
        ("remarks", "ring +211 912 345 678"),
    ],
)
def test_no_source_reads_persons_or_groups(path, header, cell, tmp_path):
    lines = path.read_bytes().decode("cp1252" if "_fr" in path.name else "utf-8").splitlines()
    sign = ";" if "_fr" in path.name else ","
    other = tmp_path / path.name
    rows = [f"{line}{sign}{cell}" for line in lines[1:]]
    other.write_text("\n".join([f"{lines[0]}{sign}{header}", *rows]), encoding="utf-8")
    with pytest.raises(SafeguardError) as error:
        SOURCES[path.parent.name].parse(other, context(path))

    assert {p.code[:9] for p in error.value.problems} == {"safeguard"}
    assert header.casefold() in str(error.value).casefold()
