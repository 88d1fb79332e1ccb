"""A workbook of a real run in LibreOffice: opened without repair, every number kept.

LibreOffice without a screen refuses a file that it would have to repair; that it does is tested
too. Where it is not installed the tests are skipped, saying so; CI installs it.
"""

import shutil
import subprocess
from datetime import date, datetime

import pytest

from polgap import brief, examples, study

OFFICE = shutil.which("soffice") or shutil.which("libreoffice")

pytestmark = pytest.mark.skipif(OFFICE is None, reason="no LibreOffice: soffice is not installed")


@pytest.fixture(scope="module")
def ran():
    result = study.run(*examples.toy(draws=24))
    return result.blocks, result.details


def _opened(content, folder):
    """Return the workbook as LibreOffice wrote it again, or None where it would not open it."""
    (folder / "in").mkdir()
    path = folder / "in" / "book.xlsx"
    path.write_bytes(content)
    done = subprocess.run(
        [OFFICE, f"-env:UserInstallation=file://{folder}/profile", "--headless", "--norestore",
         "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(folder), str(path)],
        capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    again = folder / "book.xlsx"
    assert again.is_file() or "Error" in done.stderr + done.stdout, done
    return again.read_bytes() if again.is_file() else None


def _alike(one, other):
    if isinstance(one, (date, datetime)):
        return (one.year, one.month, one.day) == (other.year, other.month, other.day)
    return one == pytest.approx(other, rel=1e-14, abs=1e-300)


def test_libreoffice_opens_it_without_repair_and_keeps_every_cell(ran, back, tmp_path):
    content = brief.render_workbook(*ran, "fr")
    again = _opened(content, tmp_path)
    assert again is not None

    before, after = back.sheets(content), back.sheets(again)
    assert list(after) == list(before)
    numbers = back.numbers(again)
    places = back.places(content)
    assert set(numbers) == set(places) == set(back.numbers(content)) and len(places) > 300
    wrong = {k: places[k] for k, v in numbers.items()
             if not _alike(v, back.numbers_at(places[k], *ran))}  # fmt: skip
    assert wrong == {}
    for name, rows in before.items():
        for one, other in zip(rows, after[name], strict=False):
            said = [c for c in one if isinstance(c, str) and c]
            assert said == [c for c in other if isinstance(c, str) and c], name


def test_libreoffice_refuses_a_workbook_that_is_broken(ran, tmp_path):
    content = brief.render_workbook(*ran, "en")
    assert _opened(content[: len(content) // 2], tmp_path) is None
