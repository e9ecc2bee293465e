"""Write a column's value as text, for the history and for comparing.

Pure.
"""

from datetime import date

from classes.models.classrooms import Classroom


def as_text(value: object) -> str:
    """Return the value as it is stored in the history.

    A class by its name, a day as 2018-05-04, nothing as ''.
    """
    if isinstance(value, Classroom):
        return value.name
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else str(value)
