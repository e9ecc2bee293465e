"""Small things for templates: {% load face %}{% icon "star" %}{% mark %}{% address "post" post.pk %}."""

from functools import lru_cache

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from malpas.lib.addresses import address as address_of
from malpas.lib.hidden import hide

register = template.Library()


@lru_cache(maxsize=256, typed=True)  # a page shows a hundred, and the file keeps its address
def _drawing(name: str, css: str) -> SafeString:
    return format_html(
        '<svg class="{}" aria-hidden="true"><use href="{}#{}"/></svg>',
        css,
        static("icons.svg"),
        name,
    )


@register.simple_tag
def icon(name: str, css: str = "icon") -> SafeString:
    """One drawing of icons.svg. It is decoration: write the word beside it, `.unseen` if need be."""
    return _drawing(name, css)


@register.simple_tag
def mark() -> SafeString:
    """The portal's dragon head, beside the school's name."""
    return _drawing("mark", "mark")


@register.simple_tag
def address(name: str, number: int) -> SafeString:
    """As {% url name number %}, for what stands on a page many times."""
    return mark_safe(address_of(name, number))  # the router's own text around a number


@register.filter
def hidden(number: int) -> str:
    """A row's number as pages show it: it tells nothing of how many there are."""
    return str(hide(number))


@register.filter
def tel(number: str) -> str:
    """A telephone number as an address dials it: "01632 960 115" becomes "01632960115"."""
    return "".join(sign for sign in number if sign.isdigit() or sign == "+")
