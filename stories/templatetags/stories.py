"""Small words for a story's heading."""

from datetime import datetime

from django import template
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

register = template.Library()


@register.filter
def class_mark(name: str) -> str:
    """What stands in the monogram of a class: 'Year 5/6' → '5/6', 'Celyn' → 'C'."""
    numbered = [word for word in name.split() if any(sign.isdigit() for sign in word)]
    return numbered[-1] if numbered else name[:1].upper()


@register.filter
def moment(at: datetime, now: datetime) -> str:
    """'today 15:20', 'yesterday 15:20', 'Wednesday 15:48' within a week, else the date, by London's calendar."""
    local, days = localtime(at), (localtime(now).date() - localtime(at).date()).days
    time = date_format(local, "H:i")
    if days == 0:
        return _("today %(time)s") % {"time": time}
    if days == 1:
        return _("yesterday %(time)s") % {"time": time}
    if 1 < days < 7:
        return date_format(local, "l H:i")
    same_year = local.year == localtime(now).year
    return date_format(local, "j F H:i" if same_year else "j F Y")
