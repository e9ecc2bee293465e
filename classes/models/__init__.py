"""Load every model, for Django; import each from the module that defines it."""

from classes.models import joining, letters, people  # noqa: F401
