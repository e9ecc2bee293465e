"""The database's clock as an expression. (Reading it is `accounts.clock.school_now`.)"""

from datetime import timedelta

from django.db.models import DateField, DateTimeField, Func

ON_ITS_WAY = timedelta(milliseconds=250)  # a change has to be on the disk before what it changes arrives


class SchoolNow(Func):
    """The portal's one clock inside a query: `filter(release_at__lte=SchoolNow())`."""

    function = "school_now"
    template = "%(function)s()"
    arity = 0
    output_field = DateTimeField()


class ThisInstant(Func):
    """The portal's clock at this very row, not at the start of the transaction: every wait for a lock counts."""

    function = "school_instant"
    template = "%(function)s()"
    arity = 0
    output_field = DateTimeField()


class SchoolToday(Func):
    """The school's date inside a query: what acts on a day acts from midnight in London."""

    template = "(school_now() AT TIME ZONE 'Europe/London')::date"
    arity = 0
    output_field = DateField()
