"""Measure how well the topic classifier recognises messages for the office, on labelled sets."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

LABELLED = Path(__file__).resolve().parents[1] / "tests" / "messaging" / "misdirected.tsv"
UNSEEN = LABELLED.with_name("misdirected_unseen.tsv")  # written without a look at the clues
FOR_THE_CLASS = ("class", "progress")  # a question about progress leads to a meeting, not to the office


@dataclass(frozen=True)
class Labelled:
    label: str
    language: str
    text: str

    @property
    def is_for_office(self) -> bool:
        return self.label not in FOR_THE_CLASS


@dataclass
class Accuracy:
    """Counts of the results; `of_topic` and `found` count, by topic, all messages and those classified so."""

    right: int = 0
    missed: list[Labelled] = field(default_factory=list)
    false: list[Labelled] = field(default_factory=list)
    of_topic: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)

    @property
    def precision(self) -> float:
        return self.right / max(1, self.right + len(self.false))

    @property
    def recall(self) -> float:
        return self.right / max(1, self.right + len(self.missed))


def labelled(path: Path = LABELLED) -> list[Labelled]:
    return [Labelled(*line.split("\t")) for line in path.read_text().splitlines()]


def figures(rows: Sequence[Labelled], classify: Callable[[str], str]) -> Accuracy:
    """Classify the labelled messages by `classify`, which returns a topic or an empty string."""
    result = Accuracy()
    for row in rows:
        topic = classify(row.text)
        result.of_topic[row.label] += 1
        result.found[row.label] += topic == (row.label if row.is_for_office else "")
        if row.is_for_office:
            if topic:
                result.right += 1
            else:
                result.missed.append(row)
        elif topic:
            result.false.append(row)
    return result


def lines() -> list[str]:
    """Return the lines that `make bench` prints."""
    from messaging.screening.keyword_rules import shipped_keyword_rules
    from messaging.screening.topics import KeywordRule, KeywordRules, classify

    keyword_rules = KeywordRules(
        KeywordRule(about, weight, words, language == "cy")
        for (about, language, words), weight in shipped_keyword_rules().items()
    )

    def topic_of(text: str) -> str:
        found = classify(text, keyword_rules)
        return found.about if found else ""

    return [
        line for path in (LABELLED, UNSEEN) for line in _table(path.stem, figures(labelled(path), topic_of))
    ]


def _table(name: str, done: Accuracy) -> list[str]:
    many = sum(done.of_topic.values())
    head = f"{name}: {many} messages, precision {done.precision:.3f}, recall {done.recall:.3f}"
    return [
        head,
        *(f"  {topic:<10} {done.found[topic]:>3} of {all_}" for topic, all_ in sorted(done.of_topic.items())),
    ]
