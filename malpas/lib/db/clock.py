"""Use the database's clock in queries. `accounts.clock.school_now` reads it."""

from datetime import timedelta

from django.db.models import DateField, DateTimeField, Func

ON_ITS_WAY = timedelta(milliseconds=250)  # a change must be on disk before its message arrives


class SchoolNow(Func):
    """The time at the start of the transaction: `filter(release_at__lte=SchoolNow())`."""

    function = "school_now"
    template = "%(function)s()"
    arity = 0
    output_field = DateTimeField()


class ThisInstant(Func):
    """The time at which this row is read, so that waits for locks count."""

    function = "school_instant"
    template = "%(function)s()"
    arity = 0
    output_field = DateTimeField()


class SchoolToday(Func):
    """The date in London: what takes effect on a day does so from midnight."""

    template = "(school_now() AT TIME ZONE 'Europe/London')::date"
    arity = 0
    output_field = DateField()
