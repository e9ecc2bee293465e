"""Collect what the admin calls its tables, columns, filters and choices, in a language."""

from collections.abc import Iterator

from django.contrib import admin
from django.contrib.admin.options import ModelAdmin
from django.contrib.admin.utils import label_for_field
from django.core.exceptions import FieldDoesNotExist
from django.utils.translation import override

from accounts.admin.base import RoleAdmin


def labels(language: str) -> dict[str, str]:
    """Return every label by the place where it stands."""
    with override(language):
        return {
            f"{model._meta.label}: {place}": str(words)
            for model, each in admin.site._registry.items()
            if isinstance(each, RoleAdmin)  # nobody is shown the tables of the libraries
            for place, words in _labels_of(each)
        }


def _labels_of(each: ModelAdmin) -> Iterator[tuple[str, object]]:
    yield "one", each.opts.verbose_name
    yield "many", each.opts.verbose_name_plural
    for name in _names(each):
        yield name, label_for_field(name, each.model, each)
        yield from _choices(each, name)
    for inline in each.inlines:
        yield f"{inline.__name__} many", inline.model._meta.verbose_name_plural
        for name in inline.fields or ():
            yield f"{inline.__name__} {name}", label_for_field(name, inline.model, each)
    for entry in each.list_filter:
        yield from _filters(each, entry)


def _names(each: ModelAdmin) -> set[str]:
    """Return what stands on the list and on the page of a row; of one without a list of fields all columns."""
    shown = {
        *each.list_display,
        *(each.fields or ()),
        *each.readonly_fields,
        *getattr(each, "shown_fields", ()),
    }
    if not each.fields:
        hidden = set(each.exclude or ())
        shown |= {
            field.name for field in each.opts.fields if field.editable and not field.primary_key
        } - hidden
    return {name for name in shown if isinstance(name, str) and name not in ("__str__", "action_checkbox")}


def _choices(each: ModelAdmin, name: str) -> Iterator[tuple[str, object]]:
    try:
        choices = getattr(each.opts.get_field(name), "flatchoices", ())
    except FieldDoesNotExist:
        return
    yield from ((f"{name}={value}", words) for value, words in choices)


def _filters(each: ModelAdmin, entry: object) -> Iterator[tuple[str, object]]:
    if isinstance(entry, type):
        yield f"filter {entry.__name__}", getattr(entry, "title", "")
        return
    path = entry[0] if isinstance(entry, tuple | list) else str(entry)
    model = each.model
    *relations, last = path.split("__")
    for relation in relations:
        model = model._meta.get_field(relation).related_model
    yield f"filter {path}", model._meta.get_field(last).verbose_name
