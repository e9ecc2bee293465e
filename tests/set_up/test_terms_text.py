"""The text that terms begin with says what the portal does with the school's settings (PA-3)."""

from datetime import time

import pytest
from django.utils.translation import override

from accounts.calendar.hours import build_hours
from accounts.models.school import School, WorkingHours
from malpas.set_up.terms_text import spans, starting_texts
from messaging.enums import Topic


@pytest.fixture
def texts(people):
    return lambda: starting_texts(School.objects.here(), build_hours())


@pytest.mark.policy("PA-3")
def test_it_names_the_schools_own_hours_and_numbers(people, texts):
    WorkingHours.objects.update(working_end=time(17, 45), reply_end=time(16))
    for text in texts().values():
        for fact in ("17:45", "16:00", "01632 960115", "concerns@school.example"):
            assert fact in text, fact
        assert "17:00" not in text


def test_days_that_differ_are_named(people, texts):
    WorkingHours.objects.filter(weekday=4).update(reply_end=time(14))
    assert "Monday, Tuesday, Wednesday, Thursday 08:30 to 16:30; Friday 08:30 to 14:00" in texts()["en"]
    assert "Dydd Gwener 08:30 tan 14:00" in texts()["cy"] or "Gwener 08:30 tan 14:00" in texts()["cy"]


@pytest.mark.policy("PA-3")
def test_each_topic_of_the_office_is_named_in_both_languages(people, texts):
    for language, text in texts().items():
        with override(language):
            named = [str(topic.label) for topic in Topic if topic != Topic.OTHER]
        assert len(named) == 6
        for label in named:
            assert label[1:] in text, label


def test_an_empty_installation_has_a_text_without_gaps(clock):
    for text in starting_texts(School.objects.here(), build_hours()).values():
        assert len(text.split("\n\n")) >= 9
        assert "%(" not in text and ": ." not in text and "None" not in text


def test_the_welsh_is_not_the_english(people, texts):
    english, welsh = (text.split("\n\n") for text in texts().values())
    assert len(english) == len(welsh) and not set(english) & set(welsh)


def test_the_same_window_on_every_day_names_no_day(people):
    week = build_hours().week
    assert spans({day: each.working for day, each in week.items()}) == "08:30 to 17:00"
