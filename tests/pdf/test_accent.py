"""A practice's colour is used where it can be read, and never as text of a style sheet."""

from __future__ import annotations

import re

import pytest

from vciso.pdf import accent

COLOURS = ["#ffffff", "#ffee00", "#2a4fc4", "#000000", "#0f766e", "#B4471B", "#7f7f7f"]


@pytest.mark.parametrize("colour", COLOURS)
def test_every_colour_becomes_readable_on_white(colour: str) -> None:
    for found in re.findall(r"#[0-9a-f]{6}", accent.style(colour)):
        red, green, blue = (int(found[at : at + 2], 16) for at in (1, 3, 5))
        assert accent.contrast((red, green, blue), accent.WHITE) >= accent.TEXT_CONTRAST


@pytest.mark.parametrize("text", ["", "red", "#12", "#12345g", "#123456}body{display:none", "#123456\n"])
def test_what_is_no_colour_is_left_out(text: str) -> None:
    assert accent.style(text) == ""
