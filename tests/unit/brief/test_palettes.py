"""Colours: told apart by colour-blind eyes and in grey print, with letters that can be read."""

from itertools import combinations, pairwise

import numpy as np
import pytest

from polgap.brief._first import TOTALS, WHY
from polgap.brief.figures import _svg
from polgap.brief.figures.map import _DARK_FROM, COLOURS, LETTERS
from polgap.brief.figures.parts import _LIGHT, luminance

EYES = {
    "all cones": np.eye(3),
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
                   [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
                     [-0.011820, 0.042940, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602],
                   [0.004733, 0.691367, 0.303900]],
}  # fmt: skip
"""Machado, Oliveira and Fernandes 2009, severity 1, on linear RGB."""

APART = 11.0
"""Least CIELAB distance (1976) of neighbouring classes: about five just noticeable differences."""

PALETTES = {
    "map": COLOURS,
    "why": [c for _, c in WHY],
    "totals": [c for _, c in TOTALS],
}


def _linear(colour):
    values = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def _lab(linear):
    xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722],
                    [0.0193, 0.1192, 0.9505]]) @ linear  # fmt: skip
    x, y, z = np.where(
        (t := xyz / [0.9505, 1.0, 1.089]) > 0.008856, np.cbrt(t), 7.787 * t + 16 / 116
    )
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def _seen(colour, eyes):
    return _lab(np.clip(np.asarray(EYES[eyes]) @ _linear(colour), 0, 1))


def _contrast(one, other):
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("eyes", EYES)
@pytest.mark.parametrize("name", PALETTES)
def test_every_pair_of_colours_is_told_apart(name, eyes):
    for one, other in combinations(PALETTES[name], 2):
        assert np.linalg.norm(_seen(one, eyes) - _seen(other, eyes)) >= APART, (one, other)


def test_the_harness_sees_a_red_green_pair_as_alike():
    apart = np.linalg.norm(_seen("#b85c00", "deuteranopia") - _seen("#808000", "deuteranopia"))
    assert apart < APART


@pytest.mark.parametrize("eyes", EYES)
def test_classes_of_the_map_grow_darker_for_every_eye(eyes):
    lightness = [_seen(c, eyes)[0] for c in COLOURS]
    assert all(b < a - 5 for a, b in pairwise(lightness))


def test_classes_of_the_map_differ_in_grey_print():
    grey = [116 * np.cbrt(luminance(c)) - 16 for c in COLOURS]
    assert all(a - b > 5 for a, b in pairwise(grey))
    assert len(LETTERS) == len(COLOURS)


@pytest.mark.parametrize("place", range(len(COLOURS)))
def test_the_letter_of_a_class_can_be_read_on_its_colour(place):
    ink = "#ffffff" if place >= _DARK_FROM else _svg.INK
    assert _contrast(ink, COLOURS[place]) >= 4.5


@pytest.mark.parametrize("colour", [c for _, c in WHY])
def test_the_number_of_a_reason_can_be_read_on_its_colour(colour):
    ink = _svg.INK if luminance(colour) > _LIGHT else "#ffffff"
    assert _contrast(ink, colour) >= 4.5


@pytest.mark.parametrize("ink", [_svg.INK, _svg.MUTED])
def test_words_can_be_read_on_paper(ink):
    assert _contrast(ink, "#ffffff") >= 4.5
