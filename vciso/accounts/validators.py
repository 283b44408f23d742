"""Password rules beyond Django's own: no word of the product or of the person's organisations."""

import re

from django.core.exceptions import ValidationError

from vciso.tenancy.models import User

OWN_WORDS = {"vciso", "portal"}
SHORTEST = 4


class ContextWordsValidator:
    """Refuses a password whose letters are little more than a word everybody here could guess."""

    def validate(self, password: str, user: User | None = None) -> None:
        letters = rest = re.sub(r"[^a-z]", "", password.lower())
        words = {word for word in OWN_WORDS | self._words_of(user) if len(word) >= SHORTEST and word in letters}
        for word in words:
            rest = rest.replace(word, "")
        if words and len(rest) < SHORTEST:
            raise ValidationError(
                "This password is little more than “%(word)s”. Add words that have nothing to do with it.",
                code="password_context_word",
                params={"word": " ".join(sorted(words))},
            )

    @staticmethod
    def _words_of(user: User | None) -> set[str]:
        domain = (user.email.partition("@")[2] if user else "").split(".")[0]
        return {domain.lower()} - {""}

    def get_help_text(self) -> str:
        return "It should not be built on the name of your organisation."
