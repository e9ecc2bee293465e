"""Load every model, for Django.

Import each from the module that defines it.
"""

from classes.models import classrooms, guardianships, joining, letters, pupils, rosters  # noqa: F401
