"""Draw icons and format numbers in templates: {% load ui %}{% icon "star" %}{% mark %}."""

from functools import lru_cache

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from malpas.lib.hidden import hide
from malpas.templatetags import links

register = template.Library()


@lru_cache(maxsize=256, typed=True)  # a page shows a hundred, and the file keeps its address
def _drawing(name: str, css: str) -> SafeString:
    return format_html(
        '<svg class="{}" width="24" height="24" aria-hidden="true"><use href="{}#{}"/></svg>',
        css,
        static("icons.svg"),
        name,
    )


@register.simple_tag
def icon(name: str, css: str = "icon") -> SafeString:
    """Draw an icon of icons.svg. It is decoration: write the word beside it, `.unseen` if need be."""
    return _drawing(name, css)


@register.simple_tag
def mark() -> SafeString:
    """Draw the portal's dragon head, beside the school's name."""
    return _drawing("mark", "mark")


@register.filter
def linked(text: str) -> SafeString:
    """Return a text that people wrote, escaped, with links: {{ body|linked|linebreaks }}."""
    return links.linked(text)


@register.filter
def hidden(number: int) -> str:
    """Return a row's number as pages show it, which does not tell how many rows there are."""
    return str(hide(number))


@register.filter
def tel(number: str) -> str:
    """Return a telephone number for a `tel:` link: "01632 960 115" becomes "01632960115"."""
    return "".join(sign for sign in number if sign.isdigit() or sign == "+")
