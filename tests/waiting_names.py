"""Texts that wait as they will be sent: with the name of now where its place is kept open."""

from accounts import hooks
from accounts.models.notifications import NAME, Delivery, Notification


def named(notice: Notification, text: str) -> str:
    if NAME not in text:
        return text
    return text.replace(NAME, hooks.name_now.call(notice.kind, notice))


def subject_of(mail: Delivery) -> str:
    return named(mail.notification, mail.subject) if mail.notification else mail.subject
