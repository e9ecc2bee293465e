from importlib import import_module

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig

from malpas.lib.wording import use_our_words


class MalpasConfig(AppConfig):
    """Set up what every process needs that loads Django: web, worker, beat, commands, shell."""

    name = "malpas"

    def ready(self) -> None:
        # Not in malpas/__init__.py, where Celery's guide puts it: that also loads without settings, for `make run`
        # and for each decoder of a photo. A process without the app publishes to a broker that nobody has.
        import_module("malpas.celery")
        use_our_words()


class PortalAdminConfig(AdminConfig):
    default_site = "malpas.admin.PortalAdminSite"
