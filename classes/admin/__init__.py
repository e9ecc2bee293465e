"""Register every admin page, for Django."""

from classes.admin import guardianships, records, rooms  # noqa: F401
