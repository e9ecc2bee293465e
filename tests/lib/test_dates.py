from datetime import date, timedelta

import pytest
from django.utils import translation
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.timezone import localtime

from malpas.lib.dates import day_and_time, day_words
from tests.clock import at


@pytest.mark.parametrize("language", ["en", "cy"])
def test_days_read_as_djangos_own_formats(language):
    with translation.override(language):
        for days in range(0, 400, 3):
            day = date(2026, 1, 1) + timedelta(days=days)
            assert day_words(day) == capfirst(date_format(day, "l j F"))
            moment = at("2026-01-01 07:05") + timedelta(days=days)
            assert day_and_time(moment) == date_format(localtime(moment), "l H:i")
