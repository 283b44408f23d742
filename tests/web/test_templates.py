"""Every template compiles: a misspelt tag or attribute is found before a reader finds it."""

import re
from pathlib import Path

import pytest
from django.template.loader import get_template

ROOT = Path(__file__).resolve().parents[2] / "templates"


@pytest.mark.parametrize("path", sorted(ROOT.rglob("*.html")), ids=lambda path: str(path.relative_to(ROOT)))
def test_it_compiles(path):
    get_template(str(path.relative_to(ROOT)))


@pytest.mark.parametrize(
    "path",
    [path for path in sorted(ROOT.rglob("*.html")) if not path.is_relative_to(ROOT / "reporting" / "pdf")],
    ids=lambda path: str(path.relative_to(ROOT)),
)
def test_forms_that_post_carry_the_token(path):
    """A form written by hand names the token; those of the components bring it themselves."""
    text = path.read_text()
    posting = text.count('method="post"')
    tokens = text.count("csrf") + text.count("_body") + text.count("{% slot body %}")
    assert posting == 0 or tokens >= 1


PIECE = re.compile(r"{% partialdef .*?{% endpartialdef %}", re.DOTALL)
NAMED = re.compile(r"{%[^%]* as (\w+) %}")
QUOTED = re.compile(r"\"[^\"]*\"")
WORD = re.compile(r"(?<![\w.])[a-z_]\w*")


@pytest.mark.parametrize(
    "path",
    [path for path in sorted(ROOT.rglob("*.html")) if "{% partialdef" in path.read_text()],
    ids=lambda path: str(path.relative_to(ROOT)),
)
def test_a_piece_that_is_asked_for_alone_uses_nothing_that_the_page_around_it_names(path):
    """It would be empty then: an address to ask again becomes the page's own, and fills the piece with that page."""
    text = path.read_text()
    around = set(NAMED.findall(PIECE.sub("", text)))
    for piece in PIECE.findall(text):
        tags = QUOTED.sub("", " ".join(re.findall(r"{[{%].*?[%}]}", piece)))
        missing = (around - set(NAMED.findall(piece))) & set(WORD.findall(tags))
        assert not missing, f"{sorted(missing)}: set outside of the piece"
