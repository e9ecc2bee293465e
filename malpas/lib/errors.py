"""Errors of the domain, each with the sentence that the user reads."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


class RuleViolation(Exception):
    """Raised when a rule forbids a request. `sentence` is shown to the user; subclasses set a default."""

    sentence: "str | StrPromise" = ""

    def __init__(self, sentence: "str | StrPromise" = "") -> None:
        self.sentence = str(sentence or self.sentence)
        super().__init__(self.sentence)
