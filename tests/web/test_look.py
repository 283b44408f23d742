"""The style sheets: one set of tokens, readable in both themes, and brandable without harm."""

import re
from pathlib import Path

import pytest
import tinycss2
import tinycss2.color4

from vciso.web import brand

ROOT = Path(__file__).resolve().parents[2]
CSS = ROOT / "static" / "css"
APP = (CSS / "app.css").read_text()


def block(opening):
    start = APP.index(opening) + len(opening)
    return dict(re.findall(r"(--[\w-]+|color-scheme):\s*([^;}]+)", APP[start : APP.index("}", start)]))


LIGHT = block(":root{")
DARK = LIGHT | block(':root[data-theme="dark"]{')
THEMES = {"light": LIGHT, "dark": DARK}


def colour(theme, token):
    value = theme[f"--{token}"]
    while value.startswith("var("):
        value = theme[value[4:-1]]
    return "#" + "".join(c * 2 for c in value[1:]) if len(value) == 4 else value


def test_the_readers_own_setting_looks_exactly_like_dark():
    assert block(':root[data-theme="auto"]{') == block(':root[data-theme="dark"]{')


def _declarations(css, asked=()):
    """Every declaration of a sheet, and what it takes for it to apply: selectors and media, outermost first."""
    for rule in tinycss2.parse_blocks_contents(css, skip_comments=True, skip_whitespace=True):
        if rule.type == "declaration":
            yield " ".join(asked), rule.name, tinycss2.serialize(rule.value).strip()
        elif rule.type in {"qualified-rule", "at-rule"} and rule.content is not None:
            yield from _declarations(rule.content, (*asked, tinycss2.serialize(rule.prelude).strip()))


def _is_colour(value):
    return tinycss2.color4.parse_color(value) is not None or (value.startswith("var(--") and value[4:-1] in LIGHT)


def test_the_dark_theme_changes_nothing_but_colours():
    """What is laid out, shown, named and reached is the same in both themes, so that it is enough to look at
    all of it in one: the walk of the pages asks in the other theme for contrast alone."""
    sheets = [*(path.read_text() for path in ROOT.glob("static/**/*.css")), brand.stylesheet("#2a4fc4")]
    every = [found for css in sheets for found in _declarations(css)]
    themed = {(name, value) for asked, name, value in every if "data-theme" in asked or "color-scheme" in asked}
    shadows = {name for name, _ in themed if name.startswith("--shadow-")}
    changed = {name for name, _ in themed} - shadows - {"color-scheme"}
    assert len(changed) > 50 and len(shadows) == 3
    other = {name for name in changed if not name.startswith("--")}
    values = {(name, value) for name, value in themed | set(LIGHT.items()) if name in changed}
    assert not other and [pair for pair in values if not _is_colour(pair[1])] == []
    assert {name for _, name, value in every if "var(--shadow-" in value} == {"box-shadow"}
    assert not [value for _, _, value in every if "light-dark(" in value]


def test_no_script_and_no_page_knows_the_theme_but_where_it_is_set():
    pages = [*ROOT.glob("static/**/*.js"), *ROOT.glob("templates/**/*.html")]
    knowing = [path.name for path in pages if re.search("data-theme|dataset.theme|color-scheme", path.read_text())]
    assert sorted(knowing) == ["base.html", "error.html"]


TEXT_ON = [
    *((ink, ground) for ink in ("ink", "ink-2", "ink-3") for ground in ("canvas", "surface", "sunken", "raised")),
    *(("accent", ground) for ground in ("surface", "canvas", "accent-tint")),
    *((tone, ground) for tone in ("ok", "warn", "bad") for ground in (f"{tone}-tint", "surface", "canvas")),
    ("on-accent", "accent-solid"),
    ("on-accent", "accent-solid-hover"),
    *((f"heat-{level}-ink", f"heat-{level}") for level in range(1, 5)),
    *((f"mk{hue}i", f"mk{hue}") for hue in range(1, 7)),
]


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("ink", "ground"), TEXT_ON)
def test_text_can_be_read_on_every_ground_it_stands_on(theme, ink, ground):
    tokens = THEMES[theme]
    assert brand.contrast(colour(tokens, ink), colour(tokens, ground)) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
def test_the_edges_of_fields_can_be_seen(theme):
    tokens = THEMES[theme]
    for ground in ("surface", "canvas"):
        assert brand.contrast(colour(tokens, "control"), colour(tokens, ground)) >= 3


def test_severity_gets_darker_step_by_step_so_that_grey_print_keeps_the_order():
    shades = [brand.luminance(colour(LIGHT, f"heat-{level}")) for level in range(1, 5)]
    assert shades == sorted(shades, reverse=True)


def test_style_sheets_load_nothing_from_elsewhere():
    for path in CSS.glob("*.css"):
        for address in re.findall(r"url\(([^)]+)\)", path.read_text()):
            assert address.startswith("../fonts/"), f"{path.name}: {address}"


ACCENTS = ["#2a4fc4", "#b0221c", "#12694a", "#734c00", "#000000", "#5b21b6", "#0f5e7a", "#333333"]


@pytest.mark.parametrize("accent", ACCENTS)
def test_a_brand_stays_readable_in_both_themes(accent):
    light, dark = brand.tokens(accent)
    for ground in ("#ffffff", "#f5f6f8", light.tint):
        assert brand.contrast(light.accent, ground) >= 4.5
    for ground in ("#0d0f13", "#13161b", "#1c2028", dark.tint):
        assert brand.contrast(dark.accent, ground) >= 4.5
    for tokens in (light, dark):
        assert brand.contrast(tokens.on + "fff" if len(tokens.on) == 4 else tokens.on, tokens.solid) >= 4.5
        assert brand.contrast("#ffffff", tokens.hover) >= 4.5


@pytest.mark.parametrize("accent", ["#ffffff", "#ffcc00", "#7fd0a4", "#9db2ff"])
def test_a_colour_that_white_text_fails_on_is_refused_with_its_figure(accent):
    with pytest.raises(brand.UnreadableAccent, match=r"reaches \d"):
        brand.tokens(accent)


@pytest.mark.parametrize("accent", ["", "red", "#fff", "#2a4fc4;}body{", "2a4fc4"])
def test_what_is_no_colour_never_reaches_a_style_sheet(accent):
    with pytest.raises(brand.UnreadableAccent):
        brand.tokens(accent)


def test_the_brands_style_sheet_needs_no_database_and_sets_five_tokens_alone(client):
    response = client.get("/brand/0f5e7a.css")
    assert response.status_code == 200 and response["Content-Type"].startswith("text/css")
    assert "immutable" in response["Cache-Control"] and "Set-Cookie" not in response
    assert len(set(re.findall(r"--[\w-]+(?=:)", response.content.decode()))) == 5
    assert client.get("/brand/ffcc00.css").status_code == 404
