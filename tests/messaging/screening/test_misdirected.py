import pytest

from accounts.models.school import School
from benchmarks.misdirected import FOR_THE_CLASS, LABELLED, UNSEEN, figures, labelled, lines
from messaging.enums import KeywordWeight, Topic
from messaging.models.screening import KeywordRule
from messaging.screening.keyword_rules import (
    SHIPPED,
    clear_keyword_rules_cache,
    office_topic,
    shipped_keyword_rules,
)


@pytest.fixture
def school(people):
    clear_keyword_rules_cache()
    yield people.school
    clear_keyword_rules_cache()


def topic_of(text: str, school: School) -> str:
    found = office_topic(text, school)
    return found.about if found else ""


@pytest.mark.policy("PA-7")
@pytest.mark.parametrize("written", [LABELLED, UNSEEN], ids=["with the words in view", "without"])
def test_messages_for_the_office_are_known_from_their_words(school, written):
    done = figures(labelled(written), lambda text: topic_of(text, school))
    assert done.precision >= 0.95, [row.text for row in done.false]
    assert done.recall >= 0.85, [row.text for row in done.missed]


def test_the_labelled_set_has_both_languages_and_all_topics():
    rows = labelled()
    assert len({row.text for row in rows}) == len(rows) >= 400
    labels = {*Topic.values} - {Topic.OTHER} | {*FOR_THE_CLASS}
    assert {(row.label, row.language) for row in rows} == {
        (label, way) for label in labels for way in ("en", "cy")
    }
    assert sum(row.label == "class" for row in rows) >= 150


def test_the_second_set_repeats_nothing_of_the_first():
    first, second = ({row.text.casefold() for row in labelled(path)} for path in (LABELLED, UNSEEN))
    assert len(second) >= 150 and not first & second


def test_figures_notice_what_is_wrong():
    done = figures(labelled(), lambda text: "lost")
    assert done.recall == 1 and done.precision < 0.7 and done.found["class"] == 0
    assert figures(labelled(), lambda text: "").recall == 0


def test_the_figures_are_printed_for_each_topic():
    printed = "\n".join(lines())
    assert all(f"  {topic}" in printed for topic in ("absence", "clubs", "urgent", "class"))


def test_every_shipped_keyword_rule_is_valid_and_unique():
    rows = [line.split("\t") for line in SHIPPED.read_text().splitlines()]
    assert {len(row) for row in rows} == {4} and len(shipped_keyword_rules()) == len(rows)
    assert {row[0] for row in rows} <= {"", *Topic.values}
    assert {row[1] for row in rows} <= {*KeywordWeight.values} - {KeywordWeight.OFF}
    assert {row[2] for row in rows} == {"en", "cy"} and all(row[3] == row[3].strip() for row in rows)


def test_the_school_adds_a_word_of_its_own(school):
    assert topic_of("Is Sparkle Hour on?", school) == ""
    KeywordRule.objects.create(
        about=Topic.CLUBS, language="en", pattern="Sparkle  Hour", weight=KeywordWeight.SURE
    )
    School.objects.filter(pk=1).update(lists_version=1)
    assert topic_of("Is Sparkle Hour on?", School.objects.here()) == "clubs"


def test_the_school_silences_a_word_that_the_portal_came_with(school):
    assert topic_of("tonsillitis", school) == "absence"
    for about, language, pattern in shipped_keyword_rules():
        if pattern.startswith("tonsil"):
            KeywordRule.objects.create(
                about=about, language=language, pattern=pattern, weight=KeywordWeight.OFF
            )
    School.objects.filter(pk=1).update(lists_version=2)
    assert topic_of("tonsillitis", School.objects.here()) == ""
