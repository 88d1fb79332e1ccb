"""Brief: what a decision maker reads. One HTML file, bottom line first, no request to anywhere.

Every number in it is a claim with its place in the result; every word comes from the message
catalogue; data such as names and source titles are marked as data.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from polgap.brief import _export
from polgap.brief._assessment import assessment
from polgap.brief._compose import compose
from polgap.brief._edition import EDITIONS, edition, listed
from polgap.brief._forecast import forecast_page
from polgap.brief._html import write_html
from polgap.brief._inquiry import told
from polgap.brief._reader import Reader
from polgap.brief._request import request_page
from polgap.brief._skill import skill_page
from polgap.brief._words import Words
from polgap.errors import StudyError

LANGUAGES = ("en", "fr")
"""Languages a brief can be written in."""

PAPERS = {"assessment": assessment}
"""Papers that can be written of a run beside its brief, by name."""

__all__ = [
    "EDITIONS", "LANGUAGES", "PAPERS", "edition", "export", "listed", "render", "render_forecast",
    "render_options", "render_paper", "render_skill", "told",
]  # fmt: skip


def render(
    result: Mapping[str, Any],
    details: Mapping[str, Any],
    language: Literal["en", "fr"] | str,
    approvals: Sequence[Mapping[str, Any]] = (),
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
    approvals : sequence of {by, note, time}
        Approvals that hold; without one the brief is a draft.

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
    if language not in LANGUAGES:
        raise StudyError(f"language: got {language!r}; wanted one of {LANGUAGES}")
    places = {str(a["area"]): str(a["name"]) for a in details.get("areas") or ()}
    words = Words(language, places)
    reader = Reader(result, details, words, tuple(approvals)).called()
    return write_html(compose(reader))


def export(
    result: Mapping[str, Any],
    details: Mapping[str, Any],
    approvals: Sequence[Mapping[str, Any]] = (),
) -> dict[str, str]:
    """Return every file of an edition by name: CSV, GeoJSON, JSON, the brief, and a manifest.

    Parameters
    ----------
    result, details : Mapping
        As `edition` gives them; the files say which edition they are.
    approvals : sequence of {by, note, time}
        Approvals that hold.

    Examples
    --------
    >>> kept, shown = edition({"study": {"theatre": "Aloseme"}}, {}, "public")
    >>> sorted(export(kept, shown))[:3]
    ['areas.geojson', 'brief.en.html', 'brief.fr.html']
    """
    pages = {
        f"brief.{language}.html": render(result, details, language, approvals)
        for language in LANGUAGES
    }
    return _export.files(result, details, pages)


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
    if language not in LANGUAGES:
        raise StudyError(f"language: got {language!r}; wanted one of {LANGUAGES}")
    return skill_page(record, language)


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
    if language not in LANGUAGES:
        raise StudyError(f"language: got {language!r}; wanted one of {LANGUAGES}")
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
    if language not in LANGUAGES:
        raise StudyError(f"language: got {language!r}; wanted one of {LANGUAGES}")
    return request_page(block, places, language)


def render_paper(
    kind: str,
    result: Mapping[str, Any],
    details: Mapping[str, Any],
    language: Literal["en", "fr"] | str,
    approvals: Sequence[Mapping[str, Any]] = (),
) -> str:
    """Return a paper of a run, such as its police assessment report, as one HTML file.

    A key that `details` does not have, because an edition left it out, is passed over in
    silence; one that is there and empty is said to be unknown, with what to ask.

    Parameters
    ----------
    kind : str
        One of `PAPERS`.
    result, details : Mapping
        ``result.json`` and ``details.json``, or what an edition leaves of them.
    language : str
        ``en`` or ``fr``.
    approvals : sequence of {by, note, time}
        Approvals that hold; without one the paper is a draft.

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
    if kind not in PAPERS:
        raise StudyError(f"paper: got {kind!r}; wanted one of {tuple(PAPERS)}")
    if language not in LANGUAGES:
        raise StudyError(f"language: got {language!r}; wanted one of {LANGUAGES}")
    places = {str(a["area"]): str(a["name"]) for a in details.get("areas") or ()}
    reader = Reader(result, details, Words(language, places), tuple(approvals))
    return write_html(PAPERS[kind](reader))
