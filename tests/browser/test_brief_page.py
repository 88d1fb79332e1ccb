"""The brief in a real browser: no request, no complaint, nothing clipped or overlapping."""

import importlib.util
import json
import re
import shutil
import subprocess
from functools import cache
from html import unescape
from pathlib import Path

import pytest

from polgap.brief import render, render_paper

pytestmark = pytest.mark.browser

QUIET = ("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--hide-scrollbars",
         "--disable-background-networking", "--disable-component-update", "--disable-sync",
         "--host-resolver-rules=MAP * ~NOTFOUND", "--enable-logging=stderr", "--v=0")  # fmt: skip
OWN = "not an origin"
"""Initiator of what the browser asks for on its own account."""

MEASURE = """<script>
const found = {wide: document.documentElement.scrollWidth - innerWidth, clipped: [], touching: []};
for (const svg of document.querySelectorAll('figure svg')) {
  const frame = svg.getBoundingClientRect();
  const texts = [...svg.querySelectorAll('text')]
    .map(t => [t.textContent, t.getBoundingClientRect()]);
  for (const [text, box] of texts)
    if (box.left < frame.left - 1 || box.right > frame.right + 1 ||
        box.top < frame.top - 2 || box.bottom > frame.bottom + 2) found.clipped.push(text);
  for (let i = 0; i < texts.length; i++) for (let j = i + 1; j < texts.length; j++) {
    const [a, b] = [texts[i][1], texts[j][1]];
    const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
    const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
    if (wide > 2 && high > 0.45 * Math.min(a.height, b.height))
      found.touching.push([texts[i][0], texts[j][0]]);
  }
}
document.body.dataset.found = JSON.stringify(found);
</script>"""


@cache
def _sample():
    path = Path(__file__).parents[1] / "unit" / "brief" / "sample.py"
    spec = importlib.util.spec_from_file_location("brief_sample", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@cache
def _toy_run():
    from polgap import examples, study

    return study.run(*examples.toy())


@pytest.fixture(scope="module")
def browse(tmp_path_factory):
    """Return a function that opens HTML text and returns (dom, what the page asked for, log)."""
    binary = shutil.which("chromium") or shutil.which("chromium-browser")
    if binary is None:
        pytest.skip("no Chromium: the brief was not looked at in a browser")

    def look(text, width=1200):
        folder = tmp_path_factory.mktemp("browser")
        page, log = folder / "brief.html", folder / "net.json"
        page.write_text(text, encoding="utf-8")
        command = [binary, *QUIET, f"--user-data-dir={folder / 'profile'}", f"--log-net-log={log}",
                   f"--window-size={width},900", "--dump-dom", page.as_uri()]  # fmt: skip
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
        events = json.loads(log.read_text(encoding="utf-8"))["events"]
        asked = [e["params"] for e in events if "initiator" in e.get("params", {})]
        urls = [p["url"] for p in asked if p["initiator"] != OWN and "url" in p]
        return done.stdout, urls, done.stderr

    return look


def _brief(kind, language):
    return render(*getattr(_sample(), kind)(), language)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_page_asks_for_nothing_and_complains_of_nothing(browse, language):
    dom, urls, log = browse(_brief("full", language))
    assert f'<html lang="{language}">' in dom and "</footer>" in dom
    assert urls == []
    assert "CONSOLE" not in log


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_brief_of_a_run_has_its_maps_and_tables_and_asks_for_nothing(browse, language):
    answer = _toy_run()
    dom, urls, log = browse(render(answer.blocks, answer.details, language))
    assert urls == []
    assert "CONSOLE" not in log
    assert len(re.findall(r"<figure[^>]*>", dom)) >= 8
    assert len(re.findall(r"<table[^>]*>", dom)) >= 8
    for area in answer.details["areas"]:
        assert area["name"] in dom


def test_an_assessment_report_asks_for_nothing_and_draws_its_maps_by_month(browse):
    answer = _toy_run()
    page = render_paper("assessment", answer.blocks, answer.details, "fr")
    dom, urls, log = browse(page)
    assert urls == []
    assert "CONSOLE" not in log
    maps = dom.split('id="f-map-months"')[1].split("</figure>")[0]
    assert len(re.findall("<use ", maps)) == 12 * len(answer.details["areas"])


@pytest.mark.parametrize(("language", "width"), [("en", 400), ("fr", 1200)])
def test_nothing_is_clipped_in_an_assessment_report(browse, language, width):
    text = render_paper("assessment", *_sample().full(), language)
    text = re.sub(r"<meta http-equiv=[^>]*>", "", text)
    dom, _, _ = browse(text.replace("</body>", MEASURE + "</body>"), width)
    found = json.loads(unescape(re.search(r'data-found="([^"]*)"', dom)[1]))
    assert found == {"wide": 0, "clipped": [], "touching": []}


def test_the_harness_would_see_a_request_and_a_complaint(browse):
    _, urls, log = browse(
        '<!doctype html><img src="http://example.invalid/x.png">'
        "<script>console.error('boom')</script>"
    )
    assert urls == ["http://example.invalid/x.png"]
    assert "CONSOLE" in log


def test_the_policy_stops_what_a_page_might_ask_for(browse):
    text = _brief("bare", "en").replace(
        "</body>", '<img src="http://example.invalid/x.png"></body>'
    )
    _, urls, log = browse(text)
    assert urls == []
    assert "Content Security Policy" in log


@pytest.mark.parametrize("kind", ["full", "weak", "bare"])
@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("width", [1200, 600])
def test_nothing_is_clipped_and_no_labels_touch(browse, kind, language, width):
    text = re.sub(r"<meta http-equiv=[^>]*>", "", _brief(kind, language))
    dom, _, _ = browse(text.replace("</body>", MEASURE + "</body>"), width)
    found = json.loads(unescape(re.search(r'data-found="([^"]*)"', dom)[1]))
    assert found == {"wide": 0, "clipped": [], "touching": []}
