"""Render Django's forms with the portal's markup and error messages.

Set `FORM_RENDERER = "malpas.lib.renderer.UiRenderer"`. `{{ form }}` gives all fields, `{{ form.name.as_field_group }}`
gives one. A widget may carry two attributes of ours: `follow` puts the field under the answer that opens it, `opens`
names that answer's value in a radio group.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.core.validators import validate_email
from django.forms.boundfield import BoundField
from django.forms.renderers import TemplatesSetting
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

    Message = str | StrPromise

# In place of Django's own: an error says what to do. A field's own `error_messages` go first.
FIELD_ERRORS: dict[type[forms.Field], dict[str, Message]] = {
    forms.Field: {"required": _("Please fill this in.")},
    forms.CharField: {
        "null_characters_not_allowed": _("It holds a character that we cannot read. Please type it again."),
        "max_length": ngettext_lazy(
            "This is too long: %(limit_value)d letter at most.",
            "This is too long: %(limit_value)d letters at most.",
            "limit_value",
        ),
    },
    forms.EmailField: {"invalid": _("This e-mail address is not complete.")},
    forms.DateField: {"invalid": _("Write the day with its month and year, such as 17.11.2026.")},
    forms.IntegerField: {"invalid": _("Write a whole number.")},
    forms.BooleanField: {"required": _("Please tick this to go on.")},
    forms.ChoiceField: {
        "required": _("Please choose one."),
        "invalid_choice": _("Please choose one of these."),
    },
    forms.MultipleChoiceField: {
        "required": _("Please choose at least one."),
        "invalid_choice": _("Please choose from these only."),
        "invalid_list": _("Please choose from these only."),
    },
    forms.ModelChoiceField: {"invalid_choice": _("Please choose one of these.")},
    forms.ModelMultipleChoiceField: {
        "required": _("Please choose at least one."),
        "invalid_choice": _("Please choose from these only."),
        "invalid_pk_value": _("Please choose from these only."),
        "invalid_list": _("Please choose from these only."),
    },
    forms.FileField: {
        "required": _("Please choose a file."),
        "invalid": _("The file did not reach us. Please choose it again."),
        "missing": _("The file did not reach us. Please choose it again."),
        "empty": _("There is nothing in this file."),
    },
    forms.ImageField: {"invalid_image": _("We cannot read this as a photo.")},
}

BEFORE_THE_AT = _(
    "An address with accents before the @ cannot get our e-mail. Please give another one, or ask your provider for "
    "one without accents."
)


def check_address(value: str) -> None:
    """Validate an e-mail address as Django does; say so where only accents before the @ are in the way."""
    try:
        validate_email(value)
    except forms.ValidationError:
        name, _at, host = value.rpartition("@")
        if is_address(f"{letters_without_accents(name)}@{host}"):
            raise forms.ValidationError(BEFORE_THE_AT, code="accents") from None
        raise


def is_address(value: str) -> bool:
    try:
        validate_email(value)
    except forms.ValidationError:
        return False
    return True


def letters_without_accents(name: str) -> str:
    """Return `name` with each letter outside ASCII replaced by one inside it."""
    return "".join(sign if sign.isascii() else "x" for sign in name if sign.isascii() or sign.isalpha())


# Controls whose width says how much is expected.
SHORT = (forms.DateInput, forms.TimeInput, forms.NumberInput)
CHOICES = (forms.RadioSelect, forms.CheckboxSelectMultiple)
# Hidden inputs have no look; a lone checkbox is drawn as a choice.
UNDRESSED = (forms.HiddenInput, forms.CheckboxInput, forms.MultiWidget, *CHOICES)


def _messages(kind: type[forms.Field]) -> list[tuple[str, Message | None, Message]]:
    """Return (code, Django's message, ours) for each message that a field of this class begins with.

    A class further down replaces what its bases say, as in `Field.__init__`.
    """
    theirs: dict[str, Message] = {}
    ours: dict[str, Message] = {}
    for each in reversed(kind.__mro__):
        own = vars(each).get("default_error_messages", {})
        theirs |= own
        ours |= own | FIELD_ERRORS.get(each, {})
    return [(code, theirs.get(code), message) for code, message in ours.items()]


def speak_plainly(field: forms.Field) -> None:
    """Replace Django's messages of this one field; what the form itself has set stays."""
    for code, stock, message in _messages(type(field)):
        if field.error_messages.get(code) is stock:
            field.error_messages[code] = message
    if isinstance(field, forms.EmailField):
        field.validators = [check_address if each is validate_email else each for each in field.validators]
    for part in getattr(field, "fields", ()):  # of a MultiValueField
        speak_plainly(part)


class UiBoundField(BoundField):
    """A field of a form with the portal's CSS classes and error messages."""

    def __init__(self, form, field, name):
        super().__init__(form, field, name)
        speak_plainly(field)  # a form has copied its fields, and makes each bound field before it validates

    def build_widget_attrs(self, attrs, widget=None):
        widget = widget or self.field.widget
        attrs = super().build_widget_attrs(attrs, widget)
        if css := self._css(widget):
            attrs["class"] = css
        # A label stands over every field; a placeholder would vanish as soon as one writes.
        if "placeholder" in widget.attrs:
            attrs["placeholder"] = False
        if self.follows:
            attrs["follow"] = False
        return attrs

    @property
    def follows(self) -> bool:
        return bool(self.field.widget.attrs.get("follow"))

    @property
    def is_choices(self) -> bool:
        return isinstance(self.field.widget, CHOICES)

    @property
    def is_checkbox(self) -> bool:
        return isinstance(self.field.widget, forms.CheckboxInput)

    @property
    def is_optional(self) -> bool:
        """Return whether the label says so: not of what belongs to an answer, nor of choices with one chosen."""
        answered = self.is_choices and self.initial
        return not (self.field.required or self.follows or answered)

    @property
    def first_id(self) -> str:
        """Return the id of the control that an error's link leads to: of a group, its first answer or box."""
        in_parts = self.is_choices or isinstance(self.field.widget, forms.MultiWidget)
        return f"{self.auto_id}_0" if in_parts else self.id_for_label

    def _css(self, widget) -> str:
        own = widget.attrs.get("class", "")
        if isinstance(widget, UNDRESSED):
            return own
        short = "input--short" if isinstance(widget, SHORT) and "input--" not in own else ""
        return " ".join(filter(None, ("input", short, own)))


class UiRenderer(TemplatesSetting):
    form_template_name = "components/form.html"
    formset_template_name = "components/formset.html"
    field_template_name = "components/field.html"
    bound_field_class = UiBoundField
