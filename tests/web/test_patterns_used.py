"""The page of patterns shows every component, every component is used, and no pattern of the design is missing."""

import re
from pathlib import Path

import pytest

from vciso.web.templatetags import ui

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = ROOT / "templates"
PATTERNS = (TEMPLATES / "web" / "patterns.html").read_text()
OTHERS = {path: path.read_text() for path in TEMPLATES.rglob("*.html") if path.name != "patterns.html"}
CODE = "\n".join(path.read_text() for path in (ROOT / "vciso").rglob("*.py"))
# A place that other rooms fill: it has no look of its own. `browser` reads a name out of a header.
NO_LOOK = {"slot", "browser"}
# Drawn by the components that stand in the other list: a form brings its own summary of errors.
WITHIN = {"error_summary"}

# Each pattern of the design's page, and what draws it here.
DESIGNED = {
    "severity in tables": r"{% sev 4 %}",
    "severity in headers": r"{% sev 4 box=True %}",
    "severity not known": r"{% sev None %}",
    "badge with icon and word": r"{% badge .* icon=",
    "badge without a tone": r'{% badge "Tier 2" tone="line" %}',
    "state of a task": r"{% status .* %}",
    "primary button": r"{% submit .* %}",
    "dangerous button": r'{% submit .* tone="danger" %}',
    "button that cannot be pressed": r"<button[^>]* disabled>",
    "button that works": r'aria-busy="true"',
    "never filled": r"{% empty .* verb2=",
    "filtered to nothing": r"{% empty_filtered .* %}",
    "nothing needs you": r'{% empty title="Nothing needs you"',
    "report being made": r"{% job_progress running",
    "report not made": r"{% job_progress failed",
    "report ready": r"{% job_progress ready",
    "steps": r"{% stepper .* %}",
    "skeleton": r'class="sk ',
    "form with errors": r"{% form form ",
    "message with undo": r'class="undo"',
    "lost connection": r"Your connection dropped. .*Try again",
    "somebody else saved": r"saved this risk .*Compare",
    "session ending": r"You will be signed out .*Stay signed in",
    "not allowed": r"This page is not yours to see",
    "not found": r"Nothing here",
    "broken": r"Something broke on our side",
    "confirm": r'class="confirm"',
    "severity ramp": r'class="ramp"',
    "ramp in greyscale": r'class="ramp grey"',
    "menu": r"{% menu .*{% menu_item",
    "breadcrumb": r"{% crumb ",
    "client mark": r"{% mark client",
    "timeline": r"{% timeline %}",
    "heat map": r"{% heatmap map %}",
    "rating path": r"{% rating_path path %}",
    "figures": r"{% stats %}",
    "queue": r"{% queue groups %}",
    "list with pages": r"{% pagination page",
    "filters": r"{% filter_bar ",
    "views": r"{% seg ",
    "tabs": r"{% tabs ",
    "drawer": r"{% drawer ",
    "dialog": r"{% dialog ",
    "dialog with a form": r"{% form_dialog ",
}
LOOKS = sorted(set(ui.register.tags) - NO_LOOK)


def tagged(name: str, text: str) -> bool:
    return re.search(rf"{{%\s*{name}[\s%]", text) is not None


@pytest.mark.parametrize("name", [name for name in LOOKS if name not in WITHIN])
def test_the_page_shows_it(name: str) -> None:
    assert tagged(name, PATTERNS), f"{{% {name} %}} stands nowhere on /patterns/"


@pytest.mark.parametrize("name", LOOKS)
def test_a_page_uses_it(name: str) -> None:
    used = any(tagged(name, text) for text in OTHERS.values()) or f"import {name}" in CODE
    assert used, f"{{% {name} %}} is used by no page: delete it"


@pytest.mark.parametrize("name", sorted(set(ui.register.filters) - NO_LOOK))
def test_a_page_formats_with_it(name: str) -> None:
    assert any(re.search(rf"\|{name}\b", text) for text in OTHERS.values()), f"|{name} is used by no page: delete it"


@pytest.mark.parametrize("path", sorted((TEMPLATES / "components").glob("*.html")), ids=lambda path: path.stem)
def test_its_template_is_drawn(path: Path) -> None:
    drawn = re.search(rf'draw\(\s*"{path.stem}"', CODE) or f"components/{path.name}" in CODE
    assert drawn or any(f"components/{path.name}" in text for text in OTHERS.values())


@pytest.mark.parametrize(("pattern", "mark"), DESIGNED.items(), ids=DESIGNED.keys())
def test_a_pattern_of_the_design_is_there(pattern: str, mark: str) -> None:
    assert re.search(mark, PATTERNS), f"/patterns/ lacks the {pattern}"
