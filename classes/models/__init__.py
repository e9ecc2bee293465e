"""Load every model, for Django.

Import each from the module that defines it.
"""

from classes.models import (  # noqa: F401
    changes,
    classrooms,
    former_accounts,
    guardianships,
    joining,
    letters,
    pupils,
    rosters,
    same_people,
)
