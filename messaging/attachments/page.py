"""Photos and documents on the pages where one writes: added, shown, taken off, and sent to whoever may see them."""

from dataclasses import dataclass, field

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest
from django.utils.translation import gettext as _

from accounts.drafts.saved_forms import restored_values
from accounts.sessions.rate_limits import TooManyRefusedFiles
from malpas.lib.errors import RuleViolation
from malpas.lib.machine_slots import Busy
from messaging.attachments.attach import TooManyFiles, describe_unsent
from messaging.attachments.forms import AttachmentsForm
from messaging.attachments.queries import own_files
from messaging.attachments.upload import TooCostly, add_file
from messaging.models.attachments import MOST_FILES, Attachment
from messaging.models.conversations import Message


@dataclass(frozen=True)
class PageAttachments:
    """What stands on the page beside the words. `names`: what goes along; `refused`: a sentence for each that was not kept;
    `described`: what is said to be on photos."""

    form: AttachmentsForm
    names: list[str] = field(default_factory=list)
    files: list[Attachment] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    described: dict[str, str] = field(default_factory=dict)

    @property
    def full(self) -> bool:
        return len(self.files) >= MOST_FILES

    def complain(self, form) -> None:
        """Puts what was refused on the form of the words: nothing is sent without what was to go along."""
        if form.is_bound and form.errors is not None:
            for sentence in self.refused:
                form.add_error(None, sentence)


def _add(request: HttpRequest, files: list, names: list[str]) -> list[str]:
    """Keeps each of these files under a name of its own; the sentences for those that were not kept."""
    refused: list[str] = []
    for file in files:
        try:
            if len(names) >= MOST_FILES:
                raise TooManyFiles
            kept = add_file(file, title=file.name, by=request.actor, at=request.school.now)
            names.append(kept.name)
        except TooManyFiles as many:
            return [*refused, str(many.sentence)]
        except (TooCostly, TooManyRefusedFiles, Busy) as ended:
            rest = _("What came after %(file)s was not added either: choose it again.") % {
                "file": file.name[-60:]
            }
            return [*refused, str(ended.sentence), *([rest] if file is not files[-1] else [])]
        except RuleViolation as violation:
            refused.append(_("%(file)s: %(why)s") % {"file": file.name[-60:], "why": violation.sentence})
    return refused


def enclosed(request: HttpRequest, message: Message | None = None) -> PageAttachments:
    """What came with this press is kept now, so that a page that comes back has lost nothing.

    `message`: the one that is changed, whose own files stand there at first.
    """
    if request.method != "POST":
        kept = restored_values(request) or {}
        stay = kept.get("kept", [])
        names = [stay] if isinstance(stay, str) else list(stay)
        if message is not None and not names:
            names = [file.name for file in message.files.all()]
        found = own_files(request.actor, names, message) if names else []
        _say(found, {name: str(kept.get(f"alt_{name}", "")) for name in names if f"alt_{name}" in kept})
        return PageAttachments(AttachmentsForm(), [file.name for file in found], found)
    form = AttachmentsForm(request.POST, request.FILES)
    if not form.is_valid():
        return PageAttachments(
            form, refused=[str(error) for errors in form.errors.values() for error in errors]
        )
    names = form.cleaned_data["kept"]
    described = form.cleaned_data["described"]
    describe_unsent(described, by=request.actor)
    refused = _add(request, form.cleaned_data["added"] or [], names)
    found = own_files(request.actor, names, message) if names else []
    _say(found, described)
    return PageAttachments(form, names, found, refused, described)


def _say(files: list[Attachment], described: dict[str, str]) -> None:
    """The page shows what was typed, whether it is kept yet or not."""
    for file in files:
        file.alt = described.get(file.name, file.alt)


def message_form(request: HttpRequest, kind: type[Form], begun: dict | None = None, **facts) -> Form:
    """The form of the words: as it was sent; or begun anew with what was typed, where the press only added files."""
    if request.method != "POST":
        return kind(initial=begun, **facts)
    sent = kind(request.POST, initial=begun, **facts)
    if "add" not in request.POST:
        return sent
    return kind(initial={field.name: field.value() for field in sent}, **facts)


def say_files_stay(request: HttpRequest) -> None:
    """A page that takes only the words says so."""
    if request.POST.get("kept") or request.FILES:
        messages.warning(
            request, _("Your words came along. Photos and documents go with messages to the class only.")
        )
