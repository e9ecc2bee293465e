"""The portal's own words where Django and allauth bring theirs: an error says what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

FIELD_WORDS: dict[type[forms.Field], dict[str, str | StrPromise]] = {
    forms.Field: {"required": _("Please fill this in.")},
    forms.CharField: {
        "null_characters_not_allowed": _("There is a sign in it that we cannot read. Please type it again."),
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
        "invalid": _("The file did not reach us. Please choose it once more."),
        "missing": _("The file did not reach us. Please choose it once more."),
        "empty": _("There is nothing in this file."),
    },
    forms.ImageField: {"invalid_image": _("We cannot read this as a photo.")},
}

# For the account adapter's `error_messages`. The first two never say whether an address has an account.
SIGN_IN_WORDS = {
    "email_password_mismatch": _("This e-mail address and password do not belong together."),
    "invalid_login": _("This e-mail address and password do not belong together."),
    "account_inactive": _("This account is closed. Please talk to the Main Office."),
    "too_many_login_attempts": _("Too many attempts. Wait five minutes, or choose a new password."),
    "rate_limited": _("That was too often. Wait a few minutes, then go on."),
    "incorrect_code": _("This is not the code from the newest e-mail."),
    "incorrect_password": _("This is not your password."),
    "enter_current_password": _("This is not the password you have now."),
    "invalid_password_reset": _("This link no longer works. Ask for a new one."),
    "email_taken": _("Please use another e-mail address."),
    "duplicate_email": _("This is your address already."),
    "same_as_current": _("This is the same as before."),
}


def use_our_words() -> None:
    """Gives the stock form fields these words; a field's own `error_messages` still go first."""
    for field, words in FIELD_WORDS.items():
        field.default_error_messages = field.default_error_messages | words
