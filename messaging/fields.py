"""Define the form fields that this app's packages share."""

from uuid import UUID, uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from classes.models.pupils import Pupil
from malpas.lib.text import clean_body, clean_line, is_blank
from messaging.models.conversations import MAX_BODY


class BodyField(forms.CharField):
    """Validate a text, cleaned before it is judged.

    What was typed is shown again as it can be shown.
    """

    widget = forms.Textarea

    def __init__(self, **kwargs) -> None:
        kwargs.setdefault("widget", forms.Textarea({"rows": 3}))
        kwargs.setdefault("error_messages", {"required": _("Please write something first.")})
        super().__init__(strip=False, **kwargs)

    def to_python(self, value: object) -> str:
        body = clean_body(str(value or ""))
        if is_blank(body):
            return ""
        if len(body) > MAX_BODY:
            raise forms.ValidationError(
                _("That is longer than 5,000 letters. Please shorten it, or ask for a meeting.")
            )
        return body

    def bound_data(self, data, initial):
        return clean_body(str(data)) if data else data


class LineField(forms.CharField):
    """Validate one short line, such as a telephone number."""

    def to_python(self, value: object) -> str:
        return clean_line(str(value or ""))

    def bound_data(self, data, initial):
        return clean_line(str(data)) if data else data


class KeyField(forms.UUIDField):
    """Hold the idempotency key of a form.

    A page without a usable key gets a new one: then only a repeated submit is unguarded.
    """

    def __init__(self) -> None:
        super().__init__(widget=forms.HiddenInput, initial=uuid4, required=False)

    def clean(self, value: object) -> UUID:
        try:
            return super().clean(value) or uuid4()
        except forms.ValidationError:
            return uuid4()

    def bound_data(self, data, initial):
        return self.clean(data)


def child_label(pupil: Pupil) -> str:
    return f"{pupil.first_name} ({pupil.classroom})" if pupil.classroom else pupil.first_name


class ChildrenField(forms.ModelMultipleChoiceField):
    def label_from_instance(self, pupil: Pupil) -> str:
        return child_label(pupil)


class ChildField(forms.ModelChoiceField):
    def label_from_instance(self, pupil: Pupil) -> str:
        return child_label(pupil)


class KeyForm(forms.Form):
    """Hold an idempotency key alone."""

    key = KeyField()
