"""Draw dragons and pictures: `{% load dragons %}{% dragon pupil.dragon size="l" %}`."""

from collections.abc import Sequence

from django import template
from django.utils.safestring import SafeString, mark_safe

from classes.avatar.drawing import dragon as draw
from classes.avatar.labels import describe as describe_dragon
from classes.pupil_access.pictures import picture as draw_picture

register = template.Library()
SIZES = {"", "s", "m", "l", "xl", "peek"}


@register.simple_tag
def dragon(traits: Sequence[int], size: str = "", label: str = "") -> SafeString:
    """Draw a dragon: decorative, or with `label` where it stands alone.

    `size`: s, m, l, xl or peek.
    """
    if size not in SIZES:
        raise template.TemplateSyntaxError(f"no size {size!r} of dragon")
    colour, horns, wings, pattern, tail = traits
    picture = draw(colour, horns, wings, pattern, tail, str(label))
    if size:
        picture = picture.replace('class="dragon"', f'class="dragon dragon--{size}"', 1)
    return mark_safe(picture)  # numbers choose the parts, and the label is escaped


@register.simple_tag
def describe(traits: Sequence[int]) -> str:
    """Describe a dragon for screen readers."""
    return describe_dragon(traits)


@register.simple_tag
def picture(name: str, label: str = "") -> SafeString:
    """Draw one of the twelve pictures.

    Decorative, or with `label` where it stands alone.
    """
    return mark_safe(draw_picture(str(name), str(label)))  # the drawing is ours, and the label is escaped
