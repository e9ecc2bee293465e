"""Name children as their class reads them: `{% load children %}{{ pupil|named:short_names }}`."""

from django import template

from classes.short_names import named

register = template.Library()
register.filter("named", named)
