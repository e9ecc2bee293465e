"""Errors of the domain: each carries the sentence that the person reads."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


class RuleViolation(Exception):
    """Somebody asked for what a rule forbids. `sentence` is shown to them; subclasses set a default."""

    sentence: "str | StrPromise" = ""

    def __init__(self, sentence: "str | StrPromise" = "") -> None:
        self.sentence = str(sentence or self.sentence)
        super().__init__(self.sentence)
