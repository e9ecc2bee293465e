"""The database's clock as an expression. (Reading it is `accounts.clock.school_now`.)"""

from django.db.models import DateTimeField, Func


class SchoolNow(Func):
    """The portal's one clock inside a query: `filter(release_at__lte=SchoolNow())`."""

    function = "school_now"
    template = "%(function)s()"
    arity = 0
    output_field = DateTimeField()
