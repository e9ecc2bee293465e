"""Write e-mails to files instead of a mail server, for the demo school and the tests."""

from pathlib import Path
from uuid import uuid4

from django.core.mail.backends.filebased import EmailBackend


class OneFileEach(EmailBackend):
    """Write one file for each connection.

    Django names the file by the second and the object's id, so two e-mails of one second often share a file.
    """

    _fname: str | None

    def _get_filename(self) -> str:
        if self._fname is None:
            self._fname = str(Path(self.file_path) / f"{uuid4().hex}.log")
        return self._fname
