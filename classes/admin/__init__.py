"""Register every admin page, for Django."""

from classes.admin import records, rooms, ties  # noqa: F401
