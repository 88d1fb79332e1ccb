"""Write a brief as one HTML file: templates, style inline, everything escaped."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup, escape

from polgap.brief._model import Brief, Claim, Mark, Part, Raw, Text, plain

_FOLDER = "polgap.brief"


def write_html(brief: Brief) -> str:
    """Return the brief as HTML text."""
    template = _environment().get_template("brief.html.j2")
    return template.render(brief=brief, css=_style(), running=css_string(plain(brief.running)))


@cache
def _environment() -> Environment:
    found = Environment(
        loader=FunctionLoader(_read),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    found.filters["html"] = text_html
    found.filters["plain"] = plain
    found.filters["drawn"] = Markup
    return found


def _read(name: str) -> str:
    return (files(_FOLDER) / "templates" / name).read_text(encoding="utf-8")


@cache
def _style() -> Markup:
    return Markup(_read("brief.css"))


def text_html(text: Text) -> Markup:
    """Return a sentence as HTML: claims as data elements, data marked as such.

    Examples
    --------
    >>> print(text_html(("Need in ", Raw("<b>"))))
    Need in <span data-raw>&lt;b&gt;</span>
    """
    return Markup("").join(_part(part) for part in text)


def _part(part: Part) -> Markup:
    if isinstance(part, Claim):
        return _claim(part)
    if isinstance(part, Raw):
        if part.language:
            return Markup('<span data-raw lang="{}">{}</span>').format(part.language, part.text)
        return Markup("<span data-raw>{}</span>").format(part.text)
    return _mark(part) if isinstance(part, Mark) else escape(part)


def _mark(mark: Mark) -> Markup:
    return Markup('<abbr class="m m-{}" title="{}">{}</abbr>').format(
        mark.kind, mark.meaning, mark.letter
    )


def _claim(claim: Claim) -> Markup:
    value = (
        "" if claim.value is None else f"{claim.value:.6g}" if claim.path else f"{claim.value:.4g}"
    )
    head = Markup('<data value="{}"').format(value)
    if claim.path:
        head += Markup(' data-path="{}"').format(claim.path)
    inside = escape(claim.text)
    if claim.interval and claim.interval != claim.text:
        inside += Markup(" <small>({})</small>").format(claim.interval)
    found = head + Markup(">") + inside + Markup("</data>")
    return found + _mark(claim.mark) if claim.mark else found


def css_string(text: str) -> Markup:
    r"""Return text as the inside of a CSS string; every character but letters is written by code.

    Examples
    --------
    >>> print(css_string('a"}'))
    a\000022\00007d
    """
    safe = (c if c.isascii() and c.isalnum() else f"\\{ord(c):06x}" for c in text)
    return Markup("".join(safe))
