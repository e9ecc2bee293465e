"""Mark names and codes in templates; every template has this filter: {{ child.first_name|untranslated }}."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.filter
def untranslated(name: object) -> SafeString | str:
    """Mark a name or a code, so that a browser which translates the page leaves Eira, Joy and Celyn alone."""
    return format_html('<span translate="no">{}</span>', name) if name else ""
