"""The colours of the page, by WCAG's arithmetic: https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio"""

from __future__ import annotations

import re

import pytest

from web_app.assets import SOURCES

TEXT, EDGE = 4.5, 3.0
CSS = (SOURCES / "app.css").read_text()
COLOURS = {name: pair for name, *pair in re.findall(r"--(\w+): light-dark\((#\w{6}), (#\w{6})\);", CSS)}


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, bright = sorted((luminance(one), luminance(other)))
    return (bright + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(
    ("front", "behind", "least"),
    [
        *[(text, behind, TEXT) for text in ("text", "muted", "error") for behind in ("page", "card")],
        *[(edge, behind, EDGE) for edge in ("edge", "figure", "amber", "error") for behind in ("page", "card")],
    ],
)
def test_text_and_edges_can_be_seen(front, behind, least, scheme):
    assert contrast(COLOURS[front][scheme], COLOURS[behind][scheme]) >= least


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_the_words_on_a_button_can_be_read(scheme):
    assert contrast("#ffffff", COLOURS["accent"][scheme]) >= TEXT


@pytest.mark.parametrize(
    ("selector", "rule"),
    [
        (r"input,\nbutton", "border: 1px solid var(--edge)"),
        (r"button\.quiet", "border-color: var(--edge)"),
        ("::placeholder", "color: var(--muted);\n  opacity: 1"),
    ],
)
def test_borders_and_placeholders_have_those_colours(selector, rule):
    assert rule in re.search(rf"^{selector} \{{(.*?)\}}", CSS, re.M | re.S)[1]
