"""Errors of the domain: each carries the sentence that the person reads."""


class RuleViolation(Exception):
    """Somebody asked for what a rule forbids. `sentence` is shown to them; subclasses set a default."""

    sentence: str = ""

    def __init__(self, sentence: str = "") -> None:
        self.sentence = str(sentence or self.sentence)
        super().__init__(self.sentence)
