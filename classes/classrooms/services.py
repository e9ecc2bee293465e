"""Make, rename and retire classes, and give them their accounts (TE-2)."""

from datetime import datetime

from allauth.account.models import EmailAddress
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actor import Actor
from accounts.audit import record
from accounts.enums import UserKind
from accounts.models.people import User
from accounts.notify.outbox import queue_mail
from accounts.profile.email_change import AddressTaken, is_taken
from accounts.sessions.devices import end_all_sessions
from accounts.sign_in.password_link import password_link
from accounts.staff.services import withdraw_pending_of
from classes.class_account.services import change_class_staff
from classes.classrooms.queries import children_in
from classes.models.classrooms import Classroom
from classes.rules import may_open_classes, may_run_joining
from malpas.lib.errors import RuleViolation


class NameTaken(RuleViolation):
    sentence = gettext_lazy("There is a class of this name already.")


class HasClassAccount(RuleViolation):
    sentence = gettext_lazy("This class has an account already.")


class HasChildren(RuleViolation):
    sentence = gettext_lazy(
        "There are children in this class. The roster moves them first, or they leave: then it can be retired."
    )


class NoClassAccount(RuleViolation):
    sentence = gettext_lazy("This class has no account.")


class ClassWasUsed(RuleViolation):
    sentence = gettext_lazy("This class stands in the records of the school and stays there.")


class RetirementUnconfirmed(RuleViolation):
    """Raised with what retiring ends.

    So many staff, and messages of theirs that wait.
    """

    sentence = gettext_lazy("Please confirm what ends.")

    def __init__(self, staff: int, waiting: int) -> None:
        self.staff, self.waiting = staff, waiting
        super().__init__()


def _check_keeps(by: Actor | None) -> None:
    """Raise PermissionDenied for all but office, leaders and the server itself (None)."""
    if by and not may_run_joining(by):
        raise PermissionDenied


def _check_opens(by: Actor | None) -> None:
    """Raise PermissionDenied for all but leaders and the server itself (None)."""
    if by and not may_open_classes(by):
        raise PermissionDenied


def _locked(classroom: Classroom) -> Classroom:
    """Lock the class against children who come in at the same time."""
    return Classroom.objects.select_for_update(of=("self",)).select_related("account").get(pk=classroom.pk)


@transaction.atomic
def add_class(name: str, *, by: Actor | None) -> Classroom:
    """Make a class without children, staff or account. Raises NameTaken."""
    _check_keeps(by)
    try:
        with transaction.atomic():
            made = Classroom.objects.create(name=name)
    except IntegrityError:
        raise NameTaken from None
    record("class.added", by=by, about=made)
    return made


@transaction.atomic
def rename_class(classroom: Classroom, name: str, *, by: Actor) -> None:
    """Rename a class, and its account with it.

    The next roster asks about the name before. Raises NameTaken.
    """
    _check_keeps(by)
    row = _locked(classroom)
    if row.name == name:
        return
    if not row.roster_name:
        before = row.renamed_from or row.name
        row.renamed_from = "" if before == name else before
    row.name = name
    try:
        with transaction.atomic():
            row.save(update_fields=["name", "renamed_from"])
    except IntegrityError:
        raise NameTaken from None
    User.objects.filter(classroom=row).update(name=name)
    record("class.renamed", by=by, about=row)


@transaction.atomic
def give_class_account(classroom: Classroom, address: str, *, by: Actor | None) -> User:
    """Make the account that a class shares, and mail its address a link to choose a password.

    Raises HasClassAccount, AddressTaken.
    """
    _check_opens(by)
    row = _locked(classroom)
    if row.account_id:
        raise HasClassAccount
    if is_taken(address):
        raise AddressTaken
    try:
        with transaction.atomic():
            account = User.objects.create_user(email=address, name=row.name, kind=UserKind.CLASS)
            EmailAddress.objects.create(user=account, email=account.email, verified=True, primary=True)
    except IntegrityError:  # another class was given it in this moment
        raise AddressTaken from None
    row.account = account
    row.save(update_fields=["account"])
    record("class_account.added", by=by, about=row)
    _mail_password_link(row.account)
    return row.account


def _mail_password_link(account: User) -> None:
    words = _("%(name)s has an account in the school’s portal. Open this link and choose its password:")
    closing = _(
        "The link works once and for one hour. Later, choose “I have forgotten my password” on the page for "
        "signing in, with this e-mail address."
    )
    queue_mail(
        address=account.email or "",
        subject=_("The account of %(name)s") % {"name": account.name},
        body=f"{words % {'name': account.name}}\n\n{password_link(account)}\n\n{closing}\n",
        user=account,
    )


@transaction.atomic
def retire_class(
    classroom: Classroom, *, by: Actor, at: datetime, ends: tuple[int, int] | None = None
) -> None:
    """End a class's staff and sign-in.

    What its staff left waiting is withdrawn.

    `ends`: the numbers of staff and of waiting messages that somebody has confirmed. Raises NoClassAccount,
    HasChildren, RetirementUnconfirmed.
    """
    _check_opens(by)
    row = _locked(classroom)
    if row.account is None:
        raise NoClassAccount
    if children_in(row):
        raise HasChildren
    staff = list(row.staff.all())
    waiting = sum(withdraw_pending_of(one, at, row.account) for one in staff)
    if ends != (len(staff), waiting):
        raise RetirementUnconfirmed(len(staff), waiting)  # nothing of this transaction stays
    change_class_staff(row, [], by=by, at=at)
    User.objects.filter(pk=row.account.pk).update(is_active=False)
    end_all_sessions(row.account, by=by)
    record("class.retired", by=by, about=row, staff=len(staff), withdrawn=waiting)


@transaction.atomic
def reopen_class(classroom: Classroom, *, by: Actor) -> None:
    """Let a retired class's account sign in again.

    Its staff are chosen anew. Raises NoClassAccount.
    """
    _check_opens(by)
    row = _locked(classroom)
    if row.account is None:
        raise NoClassAccount
    User.objects.filter(pk=row.account.pk).update(is_active=True)
    record("class.reopened", by=by, about=row)


@transaction.atomic
def remove_class(classroom: Classroom, *, by: Actor) -> None:
    """Delete a class that nothing has ever used. Raises HasClassAccount, ClassWasUsed."""
    _check_opens(by)
    row = _locked(classroom)
    if row.account_id:
        raise HasClassAccount
    record("class.removed", by=by, about=row)
    try:
        row.delete()
    except ProtectedError:
        raise ClassWasUsed from None
