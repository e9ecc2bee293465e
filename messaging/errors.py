"""Define the errors that several packages of this app raise."""

from django.utils.translation import gettext_lazy as _

from malpas.lib.errors import RuleViolation


class NotYourConversation(RuleViolation):
    sentence = _("You cannot write in this conversation.")


class TooManyMessages(RuleViolation):
    sentence = _("That is a lot of messages in one hour. Please wait a little, or telephone the office.")
