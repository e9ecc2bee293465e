"""Read in one statement who asks and where: account, member of staff, PIN, authenticators and the school."""

from functools import cache
from typing import NamedTuple, cast

from allauth.mfa.models import Authenticator
from django.db import connection

from accounts.hooks import WITH_ACCOUNT
from accounts.models.parent_pin import ParentPin
from accounts.models.people import StaffMember, User
from accounts.models.school import IN_FORCE, School
from malpas.lib.db.columns import Columns, set_related


class _Statement(NamedTuple):
    """The statement, and the columns of each model in its rows; three values and the facts of upper apps follow them."""

    sql: str
    facts: tuple[str, ...]
    user: Columns[User]
    staff: Columns[StaffMember]
    pin: Columns[ParentPin]
    school: Columns[School]


@cache
def _statement() -> _Statement:
    """Write the statement, once a process: Django would take longer to write it than the database to answer."""
    user = Columns(User, "u")
    staff = Columns(StaffMember, "m", start=user.end)
    pin = Columns(ParentPin, "p", start=staff.end)
    school = Columns(School, "s", start=pin.end)
    tables = {part.model.__name__: part.model._meta.db_table for part in (user, staff, pin, school)}
    facts = "".join(f", ({fact})" for fact in WITH_ACCOUNT.values())
    sql = f"""
        SELECT {user.sql}, {staff.sql}, {pin.sql}, {school.sql}, school_now(), ({IN_FORCE}),
            ARRAY(SELECT a.id FROM {Authenticator._meta.db_table} a
                  WHERE a.user_id = u.id AND a.type IN ('{Authenticator.Type.TOTP}', '{Authenticator.Type.WEBAUTHN}'))
            {facts}
        FROM {tables["User"]} u
        JOIN {tables["School"]} s ON s.id = 1
        LEFT JOIN {tables["StaffMember"]} m ON m.user_id = u.id
        LEFT JOIN {tables["ParentPin"]} p ON p.user_id = u.id
        WHERE u.id = %s
    """
    return _Statement(sql, tuple(WITH_ACCOUNT), user, staff, pin, school)


def account_with_school(pk: int) -> User | None:
    """Return an account with `.school`, `.authenticators` and what one-to-one relations lead to, or None."""
    parts = _statement()
    with connection.cursor() as cursor:
        cursor.execute(parts.sql, [pk])
        row = cursor.fetchone()
    user = parts.user.read(row) if row else None
    if user is None:
        return None
    set_related(user, "staff_member", parts.staff.read(row))
    set_related(user, "parent_pin", parts.pin.read(row))
    user.school = school = cast(School, parts.school.read(row))  # joined: the school has its row always
    school.now, school.terms_number, user.authenticators, *facts = row[parts.school.end :]
    user.facts = dict(zip(parts.facts, facts, strict=True))
    return user
