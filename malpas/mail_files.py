"""Mail that lands in a folder instead of a mail server: for the demo school and rehearsals."""

from pathlib import Path
from uuid import uuid4

from django.core.mail.backends.filebased import EmailBackend


class OneFileEach(EmailBackend):
    """Each connection writes a file of its own. Django names it by the second and by where the object lies in memory:
    of two mails in one second the second often went into the file of the first, where nobody finds it."""

    _fname: str | None

    def _get_filename(self) -> str:
        if self._fname is None:
            self._fname = str(Path(self.file_path) / f"{uuid4().hex}.log")
        return self._fname
