"""The sign-in page, and how each role gets home from it."""

import pytest

from tests.e2e.conftest import Enter

HOMES = [
    ("priya", "/today/", "Needs you"),
    ("morgan", "/today/", "Needs you"),
    ("meadowlark.dana", "/my/", "How you are doing"),
    ("meadowlark.helen", "/board/", "Security pack for the board"),
    ("meadowlark.sam", "/my/", "Remove remote desktop from the new clinic"),
]


@pytest.mark.parametrize(("who", "place", "text"), HOMES)
def test_signing_in_leads_to_the_home_of_the_role(enter: Enter, who: str, place: str, text: str) -> None:
    visitor = enter(who)
    visitor.sees(text)
    assert visitor.page.url.removeprefix(visitor.portal.address).startswith(place)


def test_a_wrong_password_is_answered_in_words_and_tells_nothing(enter: Enter) -> None:
    visitor = enter()
    visitor.goto("/account/login/")
    said = []
    for email in ("priya@harbourline.example", "nobody@harbourline.example"):
        visitor.page.get_by_label("Email").fill(email)
        visitor.page.get_by_label("Password", exact=True).fill("not the password")
        visitor.page.get_by_role("button", name="Continue").click()
        said.append(visitor.page.get_by_role("alert").first.inner_text())
        visitor.look()
    assert said[0] == said[1]
    assert "incorrect" in said[0] or "not correct" in said[0]


def test_a_person_without_account_is_sent_to_the_sign_in_page_and_back(enter: Enter) -> None:
    visitor = enter()
    visitor.goto(f"/c/{visitor.client('meadowlark')}/risks/")
    assert "/account/login/" in visitor.page.url
    visitor.sign_in("priya")
    assert visitor.page.url.endswith("/risks/")


def test_the_chosen_theme_is_written_by_the_server(enter: Enter) -> None:
    visitor = enter("imani")
    token = visitor.page.locator("input[name=csrfmiddlewaretoken]").first.input_value()
    for theme in ("dark", "light", "auto"):
        visitor.context.request.post(
            "/account/theme/", form={"csrfmiddlewaretoken": token, "theme": theme, "next": "/"},
            headers={"Referer": visitor.portal.address},
        )  # fmt: skip
        visitor.goto("/")
        assert visitor.page.locator("html").get_attribute("data-theme") == theme
