"""Register every admin page, for Django."""

from accounts.admin import people, records, school, terms  # noqa: F401
