"""Load every model, for Django; import each from the module that defines it."""

from accounts.models import (  # noqa: F401
    audit,
    devices,
    governor,
    notifications,
    parent_pin,
    people,
    pins,
    school,
    sealing,
    staff_invitations,
    staff_triggers,
    terms,
)
