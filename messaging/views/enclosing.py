"""Photos and documents on the pages where one writes: added, shown, taken off, and sent to whoever may see them."""

from dataclasses import dataclass, field

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.attempts import TooManyRefusedFiles
from accounts.kept import given_back
from malpas.lib import document_files, photo_files
from malpas.lib.errors import RuleViolation
from malpas.lib.machine_slots import Busy
from malpas.lib.photos import SIZES
from malpas.lib.serving import document_answer, photo_answer
from messaging import queries, rules, services
from messaging.enums import FileKind
from messaging.forms import EnclosedForm
from messaging.models import Attachment, Message
from messaging.models.attachments import MOST_FILES
from messaging.services.enclosing import TooManyFiles


@dataclass(frozen=True)
class Enclosed:
    """What stands on the page beside the words. `names`: what goes along; `refused`: a sentence for each that was not kept;
    `described`: what is said to be on photos."""

    form: EnclosedForm
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
            kept = services.add_file(file, title=file.name, by=request.actor, at=request.school.now)
            names.append(kept.name)
        except TooManyFiles as many:
            return [*refused, str(many.sentence)]
        except (services.TooCostly, TooManyRefusedFiles, Busy) as ended:
            rest = _("What came after %(file)s was not added either: choose it again.") % {
                "file": file.name[-60:]
            }
            return [*refused, str(ended.sentence), *([rest] if file is not files[-1] else [])]
        except RuleViolation as violation:
            refused.append(_("%(file)s: %(why)s") % {"file": file.name[-60:], "why": violation.sentence})
    return refused


def enclosed(request: HttpRequest, message: Message | None = None) -> Enclosed:
    """What came with this press is kept now, so that a page that comes back has lost nothing.

    `message`: the one that is changed, whose own files stand there at first.
    """
    if request.method != "POST":
        kept = given_back(request) or {}
        stay = kept.get("kept", [])
        names = [stay] if isinstance(stay, str) else list(stay)
        if message is not None and not names:
            names = [file.name for file in message.files.all()]
        found = queries.own_files(request.actor, names, message) if names else []
        _say(found, {name: str(kept.get(f"alt_{name}", "")) for name in names if f"alt_{name}" in kept})
        return Enclosed(EnclosedForm(), [file.name for file in found], found)
    form = EnclosedForm(request.POST, request.FILES)
    if not form.is_valid():
        return Enclosed(form, refused=[str(error) for errors in form.errors.values() for error in errors])
    names = form.cleaned_data["kept"]
    described = form.cleaned_data["described"]
    services.describe_unsent(described, by=request.actor)
    refused = _add(request, form.cleaned_data["added"] or [], names)
    found = queries.own_files(request.actor, names, message) if names else []
    _say(found, described)
    return Enclosed(form, names, found, refused, described)


def _say(files: list[Attachment], described: dict[str, str]) -> None:
    """The page shows what was typed, whether it is kept yet or not."""
    for file in files:
        file.alt = described.get(file.name, file.alt)


def words_form(request: HttpRequest, kind: type[Form], begun: dict | None = None, **facts) -> Form:
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


def _changed(request: HttpRequest) -> Message | None:
    """The waiting message whose page asks, if one is changed: what lies in it stays on the page."""
    form = EnclosedForm(request.POST)
    if not form.is_valid() or not form.cleaned_data["message"]:
        return None
    message = queries.get_message_for(request.actor, form.cleaned_data["message"])
    if not rules.may_change(message, request.actor):
        raise PermissionDenied
    return message


@require_POST
def file_add(request: HttpRequest) -> HttpResponse:
    """Keeps what was just chosen while the words are still being written; the part of the page that lists it."""
    if not request.actor.is_class:
        queries.children_to_write_about(request.actor)
    message = _changed(request)
    added = enclosed(request, message)
    return render(
        request,
        "messaging/_attach.html",
        {"added": added, "message": message},
        status=422 if added.refused else 200,
    )


@require_safe
def message_file(request: HttpRequest, name: str, size: str = "") -> FileResponse:
    # Every request asks the door again: an address handed on, kept or guessed opens nothing (AU-9).
    return file_answer(queries.get_file_for(request.actor, name, now=request.school.now), size)


def file_answer(file: Attachment, size: str = "") -> FileResponse:
    if file.kind == FileKind.PHOTO:
        return photo_answer(photo_files.path_of(file.name, SIZES[1] if size else SIZES[0]))
    if size:
        raise Http404
    return document_answer(document_files.path_of(file.name), file.title)
