"""Show the demo school's e-mails on a page. Exists in demo mode only."""

from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.gates import Opens, access
from malpas.demo.mfa import codes_now


def _read(path: Path) -> EmailMessage:
    return message_from_bytes(path.read_bytes(), policy=policy.default)


@access(Opens.SIGNED_OUT | Opens.WHILE_LOCKED)
def index(request: HttpRequest) -> HttpResponse:
    files = sorted(settings.MAILBOX_DIR.glob("*.log"), key=lambda path: path.stat().st_mtime, reverse=True)
    mails = [(path.name, _read(path)) for path in files[:100]]
    return render(request, "malpas/mailbox.html", {"mails": mails, "codes": codes_now()})


@access(Opens.SIGNED_OUT | Opens.WHILE_LOCKED)
def mail(request: HttpRequest, name: str) -> HttpResponse:
    files = {path.name: path for path in settings.MAILBOX_DIR.glob("*.log")}
    if name not in files:
        raise Http404
    found = _read(files[name])
    return render(request, "malpas/mail.html", {"mail": found, "body": found.get_content()})
