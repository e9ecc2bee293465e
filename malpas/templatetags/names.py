"""Mark names and codes in templates; every template has this filter: {{ child.first_name|untranslated }}."""

from django import template
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


@register.filter
def untranslated(name: object) -> SafeString | str:
    """Mark a name or a code, so that a browser which translates the page leaves Eira, Joy and Celyn alone."""
    return format_html('<span translate="no">{}</span>', name) if name else ""


@register.filter
def naming(sentence: str, name: str) -> SafeString:
    """Mark a name inside a sentence: {{ title|naming:parent.name }}."""
    said, marked = conditional_escape(sentence), untranslated(name)
    return mark_safe(said.replace(conditional_escape(name), marked) if name else said)
