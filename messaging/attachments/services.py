"""Store the files of a form before its message (AU-5)."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.sessions.rate_limits import TooManyRefusedFiles
from malpas.lib.errors import RuleViolation
from malpas.lib.machine_slots import Busy
from messaging.attachments.attach import TooManyFiles, describe_unsent
from messaging.attachments.upload import TooCostly, add_file


def store_attachments(
    files: Sequence[UploadedFile], *, room: int, described: Mapping[str, str], by: Actor, at: datetime
) -> tuple[list[str], list[str]]:
    """Store up to `room` files, and descriptions by name.

    The descriptions are of photos stored before. They stay stored if the message is refused, so that the
    page that comes back has lost nothing. Returns the names of the stored files and a sentence for each
    refused one.
    """
    describe_unsent(described, by=by)
    names: list[str] = []
    refused: list[str] = []
    for file in files:
        title = file.name or ""
        try:
            if len(names) >= room:
                raise TooManyFiles
            names.append(add_file(file, title=title, by=by, at=at).name)
        except TooManyFiles as many:
            return names, [*refused, str(many.sentence)]
        except (TooCostly, TooManyRefusedFiles, Busy) as ended:
            rest = _("What came after %(file)s was not added either: choose it again.") % {
                "file": title[-60:]
            }
            return names, [*refused, str(ended.sentence), *([rest] if file is not files[-1] else [])]
        except RuleViolation as violation:
            refused.append(_("%(file)s: %(why)s") % {"file": title[-60:], "why": violation.sentence})
    return names, refused
