"""What gunicorn serves. It is loaded once, before the web's processes are forked off, so that they share it."""

import gc
import os
import re
from collections.abc import Callable, Iterable
from importlib import import_module
from typing import Any

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "malpas.settings")
django = get_wsgi_application()
import_module(settings.ROOT_URLCONF)  # the code of every page
request_bodies = import_module("malpas.web.request_bodies")
import_module("malpas.rights").check_at_start()
gc.collect()
gc.freeze()  # the collector would write on what it looks through, and so make each process its own copy
CHARSET = re.compile(r";\s*charset\s*=[^;]*", re.IGNORECASE)


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Reads every body and address as UTF-8, whatever it calls itself.

    Django believes the name: one that is no encoding of text ends in a fault before any middleware, and some
    ("unicode_escape") smuggle in halves of letters that no database takes.
    """
    environ["CONTENT_TYPE"] = CHARSET.sub("", environ.get("CONTENT_TYPE", ""))
    request_bodies.take_body(environ)
    with request_bodies.page_slot():
        return django(environ, start_response)
