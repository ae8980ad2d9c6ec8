"""The colours: both dark blocks are equal, and every pair that meets can be read (WCAG 2.2 AA)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from khien.web import fonts

SHEETS = Path(fonts.__file__).resolve().parent / "static" / "khien"
BLOCK = re.compile(r"(:root[^{]*)\{([^}]*)\}")

TEXT = [
    *[
        ("ink", ground)
        for ground in ("paper", "surface", "sunken", "unknown-wash", "pass-wash", "fail-wash")
    ],
    *[("ink-soft", ground) for ground in ("paper", "surface", "sunken")],
    *[("link", ground) for ground in ("paper", "surface", "sunken", "unknown-wash")],
    *[("link-hover", ground) for ground in ("paper", "surface", "sunken", "unknown-wash")],
    *[(verdict, f"{verdict}-wash") for verdict in ("pass", "fail", "unknown", "na")],
    *[
        (verdict, ground)
        for verdict in ("pass", "fail", "unknown", "na")
        for ground in ("surface", "paper")
    ],
    *[("band-ink", ground) for ground in ("band", "band-active")],
    ("band-soft", "band"),
    ("button-ink", "button"),
    ("button-ink", "button-hover"),
]
# Parts of controls and charts need 3:1 against what they stand on.
PARTS = [
    ("line-strong", "surface"),
    ("focus", "paper"),
    ("focus", "surface"),
    ("gold", "band"),
    ("fail-fill", "surface"),
    ("pass-fill", "surface"),
]


def blocks() -> dict[str, dict[str, str]]:
    text = (SHEETS / "tokens.css").read_text(encoding="utf-8")
    return {
        head.strip(): dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6});", body))
        for head, body in BLOCK.findall(text)
    }


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_the_two_dark_blocks_are_equal() -> None:
    found = blocks()
    assert found[':root:not([data-theme="light"])'] == found[':root[data-theme="dark"]']


@pytest.mark.parametrize("block", [":root", ':root[data-theme="dark"]'])
def test_every_pair_of_colours_that_meets_can_be_read(block: str) -> None:
    tokens = blocks()[block]
    pairs = [(4.5, *pair) for pair in TEXT] + [(3.0, *pair) for pair in PARTS]
    poor = [
        f"{front} on {back}: {contrast(tokens[front], tokens[back]):.2f} < {least}"
        for least, front, back in pairs
        if contrast(tokens[front], tokens[back]) < least
    ]
    assert poor == []


def test_colours_are_named_only_among_the_tokens() -> None:
    text = (SHEETS / "khien.css").read_text(encoding="utf-8")
    screen = text.partition("@media print")[0]
    assert re.findall(r"#[0-9a-fA-F]{3,6}\b", screen) == []
