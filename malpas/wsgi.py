"""The WSGI application. gunicorn loads it once, before it forks, so that its processes share the memory."""

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
import_module("malpas.operations.rights").check_at_start()
gc.collect()
gc.freeze()  # the collector would write to the objects it visits, and so copy them into each process
CHARSET = re.compile(r";\s*charset\s*=[^;]*", re.IGNORECASE)


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Serve a request, reading its body and address as UTF-8 whatever charset they declare.

    Django trusts the declared charset: one that is no text encoding fails before any middleware, and some
    ("unicode_escape") produce lone surrogates, which no database stores.
    """
    environ["CONTENT_TYPE"] = CHARSET.sub("", environ.get("CONTENT_TYPE", ""))
    request_bodies.take_body(environ)
    with request_bodies.page_slot():
        return django(environ, start_response)
