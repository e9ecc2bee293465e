"""Load every model, for Django; import each from the module that defines it."""

from accounts.models import (  # noqa: F401
    audit,
    devices,
    governor,
    lock,
    notifications,
    people,
    school,
    sealing,
    staff_invitations,
    terms,
)
