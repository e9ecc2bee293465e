from datetime import UTC, date, timedelta

import pytest
from django.utils import translation
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.timezone import localtime

from malpas.lib.dates import day_and_time, day_words, end_of_day
from tests.clock import at


@pytest.mark.parametrize("language", ["en", "cy"])
def test_days_read_as_djangos_own_formats(language):
    with translation.override(language):
        for days in range(0, 400, 3):
            day = date(2026, 1, 1) + timedelta(days=days)
            assert day_words(day) == capfirst(date_format(day, "l j F"))
            moment = at("2026-01-01 07:05") + timedelta(days=days)
            assert day_and_time(moment) == date_format(localtime(moment), "l H:i")


@pytest.mark.parametrize(
    ("moment", "end"),
    [
        ("2026-11-24 09:10", "2026-11-24 23:59:59.999999+0000"),
        ("2026-11-24 00:00", "2026-11-24 23:59:59.999999+0000"),
        ("2026-06-24 23:30", "2026-06-24 22:59:59.999999+0000"),
        ("2026-10-25 00:30", "2026-10-25 23:59:59.999999+0000"),
        ("2026-03-29 00:30", "2026-03-29 22:59:59.999999+0000"),
    ],
    ids=["winter", "midnight", "summer", "the clocks go back", "the clocks go forward"],
)
def test_a_day_ends_at_midnight_in_london(moment, end):
    assert f"{end_of_day(at(moment)).astimezone(UTC):%Y-%m-%d %H:%M:%S.%f%z}" == end
