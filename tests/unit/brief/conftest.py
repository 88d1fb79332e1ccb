"""The made-up run of sample.py, and its briefs."""

import importlib.util
from functools import cache
from pathlib import Path

import pytest

from polgap.brief import render, render_paper


@cache
def _sample():
    path = Path(__file__).with_name("sample.py")
    spec = importlib.util.spec_from_file_location("brief_sample", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@cache
def _page(kind, language, paper="brief"):
    run = getattr(_sample(), kind)()
    return render(*run, language) if paper == "brief" else render_paper(paper, *run, language)


@pytest.fixture(scope="session")
def sample():
    return _sample()


@pytest.fixture(scope="session")
def page():
    """Return the brief, or a paper, of a kind of run (full, weak, bare) in a language."""
    return _page
