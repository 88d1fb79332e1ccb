"""Brief: what a decision maker reads. One HTML file, bottom line first, no request to anywhere.

Every number in it is a claim with its place in the result; every word comes from the message
catalogue; data such as names and source titles are marked as data.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from polgap.brief import _export
from polgap.brief._answer_book import answer_book
from polgap.brief._assessment import assessment
from polgap.brief._compose import compose
from polgap.brief._deploy import deploy_page
from polgap.brief._edition import EDITIONS, edition, listed
from polgap.brief._forecast import forecast_page
from polgap.brief._html import write_html
from polgap.brief._inquiry import told
from polgap.brief._paper import options_paper
from polgap.brief._products import MAKERS, product
from polgap.brief._reader import Reader, places_of
from polgap.brief._request import request_page
from polgap.brief._skill import skill_page
from polgap.brief._theatres import theatres_page
from polgap.brief._words import Words
from polgap.brief._workbook import titles, workbook
from polgap.brief._xlsx import write_xlsx
from polgap.errors import StudyError

LANGUAGES = ("en", "fr")
"""Languages a brief can be written in."""

PAPERS = {"assessment": assessment, "options": options_paper}
"""Papers that are written of every run beside its brief, by name."""

PRODUCTS = {kind: product(kind) for kind in MAKERS}
"""Products that can be written of a run as a page each, by name; a workbook holds them all."""

__all__ = [
    "EDITIONS", "LANGUAGES", "PAPERS", "PRODUCTS", "edition", "export", "listed", "render",
    "render_answer_book", "render_deploy", "render_forecast", "render_options", "render_paper",
    "render_skill", "render_theatres", "render_workbook", "told",
]  # fmt: skip


def _written_in(language: str) -> None:
    """Refuse a language that pages are not written in."""
    if language not in LANGUAGES:
        raise StudyError(f"language: got {language!r}; wanted one of {LANGUAGES}")


def render(
    result: Mapping[str, Any],
    details: Mapping[str, Any],
    language: Literal["en", "fr"] | str,
    decisions: Sequence[Mapping[str, Any]] = (),
) -> str:
    """Return the brief of a run as one self-contained HTML file.

    Blocks that are absent or hold nothing are left out or said to be unknown; they are never
    filled in.

    Parameters
    ----------
    result : Mapping
        ``result.json`` (contracts.md 2), or what `edition` leaves of it for other readers.
    details : Mapping
        ``details.json``: what the brief shows beside the result.
    language : str
        ``en`` or ``fr``.
    decisions : sequence of {by, option, note, dissent, time, void}
        What was decided on the run; without one that holds the brief is a draft.

    Raises
    ------
    StudyError
        For a language the brief is not written in.

    Examples
    --------
    >>> page = render({"study": {"theatre": "Aloseme", "first_month": "2021-01"}}, {}, "fr")
    >>> page.splitlines()[:2]
    ['<!doctype html>', '<html lang="fr">']
    """
    _written_in(language)
    words = Words(language, places_of(details))
    reader = Reader(result, details, words, tuple(decisions)).called()
    return write_html(compose(reader))


def export(
    result: Mapping[str, Any],
    details: Mapping[str, Any],
    decisions: Sequence[Mapping[str, Any]] = (),
) -> dict[str, str | bytes]:
    """Return every file of an edition by name: CSV, GeoJSON, JSON, pages, workbook, manifest.

    Parameters
    ----------
    result, details : Mapping
        As `edition` gives them; the files say which edition they are.
    decisions : sequence of {by, option, note, dissent, time, void}
        What was decided on the run.

    Examples
    --------
    >>> kept, shown = edition({"study": {"theatre": "Aloseme"}}, {}, "public")
    >>> sorted(export(kept, shown))[:3]
    ['areas.geojson', 'assessment.en.html', 'assessment.fr.html']
    """
    pages: dict[str, str] = {}
    books: dict[str, bytes] = {}
    name = str((result.get("edition") or {}).get("name") or "internal")
    for language in LANGUAGES:
        pages[f"brief.{language}.html"] = render(result, details, language, decisions)
        for kind in (k for k in PAPERS if listed("paper", k, name)):
            page = render_paper(kind, result, details, language, decisions)
            pages[f"{kind}.{language}.html"] = page
        books[f"workbook.{language}.xlsx"] = render_workbook(result, details, language, decisions)
    return _export.files(result, details, {**pages, **books})


def render_deploy(block: Mapping[str, Any], language: Literal["en", "fr"] | str) -> str:
    """Return the page of force generation as one self-contained HTML file.

    Parameters
    ----------
    block : Mapping
        What ``polgap deploy PROJECT --json`` prints; it names contributors, so it is internal.
    language : str
        ``en`` or ``fr``.

    Raises
    ------
    StudyError
        For a language the page is not written in.
    """
    _written_in(language)
    return deploy_page(block, language)


def render_skill(record: Mapping[str, Any], language: Literal["en", "fr"] | str) -> str:
    """Return the page of a forecast's record of skill as one self-contained HTML file.

    Parameters
    ----------
    record : Mapping
        ``skill.json`` of ``polgap backtest --preset views-cm``.
    language : str
        ``en`` or ``fr``.

    Raises
    ------
    StudyError
        For a language the page is not written in.
    """
    _written_in(language)
    return skill_page(record, language)


def render_theatres(
    record: Mapping[str, Any],
    outlines: Mapping[str, Sequence[Mapping[str, Any]]],
    language: Literal["en", "fr"] | str,
) -> str:
    """Return the page of whole plans against real missions as one self-contained HTML file.

    Parameters
    ----------
    record : Mapping
        ``theatres.json`` of ``polgap backtest --preset theatres``.
    outlines : Mapping
        Theatre -> areas to draw, each {area, name, lon, lat, geometry}; none: no maps.
    language : str
        ``en`` or ``fr``.

    Raises
    ------
    StudyError
        For a language the page is not written in.
    """
    _written_in(language)
    return theatres_page(record, outlines, language)


def render_forecast(block: Mapping[str, Any], language: Literal["en", "fr"] | str) -> str:
    """Return the page of a theatre's forecast as one self-contained HTML file.

    Parameters
    ----------
    block : Mapping
        What ``polgap forecast PROJECT --json`` prints.
    language : str
        ``en`` or ``fr``.

    Raises
    ------
    StudyError
        For a language the page is not written in.
    """
    _written_in(language)
    return forecast_page(block, language)


def render_options(
    block: Mapping[str, Any], places: Mapping[str, str], language: Literal["en", "fr"] | str
) -> str:
    """Return the page of options on request as one self-contained HTML file.

    Parameters
    ----------
    block : Mapping
        What ``polgap options PROJECT --strike ... --json`` prints.
    places : Mapping of area key -> name
    language : str
        ``en`` or ``fr``.

    Raises
    ------
    StudyError
        For a language the page is not written in.
    """
    _written_in(language)
    return request_page(block, places, language)


def render_answer_book(
    block: Mapping[str, Any], places: Mapping[str, str], language: Literal["en", "fr"] | str
) -> bytes:
    """Return options on request as one XLSX file; every number has its place in the answer.

    Parameters
    ----------
    block : Mapping
        What ``polgap options PROJECT --strike ... --json`` prints.
    places : Mapping of area key -> name
    language : str
        ``en`` or ``fr``.

    Raises
    ------
    StudyError
        For a language that there is not.
    """
    _written_in(language)
    reader, book = answer_book(block, places, language)
    return write_xlsx(book, titles(reader, book.sheets))


def render_paper(
    kind: str,
    result: Mapping[str, Any],
    details: Mapping[str, Any],
    language: Literal["en", "fr"] | str,
    decisions: Sequence[Mapping[str, Any]] = (),
) -> str:
    """Return a paper of a run, such as its police assessment report, as one HTML file.

    A key that `details` does not have, because an edition left it out, is passed over in
    silence; one that is there and empty is said to be unknown, with what to ask.

    Parameters
    ----------
    kind : str
        One of `PAPERS` or `PRODUCTS`.
    result, details : Mapping
        ``result.json`` and ``details.json``, or what an edition leaves of them.
    language : str
        ``en`` or ``fr``.
    decisions : sequence of {by, option, note, dissent, time, void}
        What was decided on the run; without one that holds the paper is a draft.

    Raises
    ------
    StudyError
        For a paper or a language that there is not.

    Examples
    --------
    >>> study = {"theatre": "Aloseme", "first_month": "2021-01"}
    >>> "terms of reference" in render_paper("assessment", {"study": study}, {}, "en")
    True
    """
    known = {**PAPERS, **PRODUCTS}
    if kind not in known:
        raise StudyError(f"paper: got {kind!r}; wanted one of {tuple(known)}")
    _written_in(language)
    reader = Reader(result, details, Words(language, places_of(details)), tuple(decisions))
    return write_html(known[kind](reader))


def render_workbook(
    result: Mapping[str, Any],
    details: Mapping[str, Any],
    language: Literal["en", "fr"] | str,
    decisions: Sequence[Mapping[str, Any]] = (),
    *,
    run: str = "",
    digest: str = "",
) -> bytes:
    """Return the products of a run as one XLSX file, a sheet each, the same bytes every time.

    Every number is a number, with its place in `result` or `details` on a hidden sheet; no text
    from data is ever a formula. A product whose rows an edition left out has no sheet.

    Parameters
    ----------
    result, details : Mapping
        ``result.json`` and ``details.json``, or what an edition leaves of them.
    language : str
        ``en`` or ``fr``.
    decisions : sequence of {by, option, note, dissent, time, void}
        What was decided on the run.
    run, digest : str
        Name of the run and SHA-256 of its ``result.json``, said on the first sheet.

    Raises
    ------
    StudyError
        For a language that there is not.

    Examples
    --------
    >>> render_workbook({"study": {"theatre": "Aloseme", "first_month": "2021-01"}}, {}, "en")[:2]
    b'PK'
    """
    _written_in(language)
    words = Words(language, places_of(details))
    reader = Reader(result, details, words, tuple(decisions)).called()
    book = workbook(reader, run, digest)
    return write_xlsx(book, titles(reader, book.sheets))
