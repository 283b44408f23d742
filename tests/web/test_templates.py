"""Every template compiles: a misspelt tag or attribute is found before a reader finds it."""

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
