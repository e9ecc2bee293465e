from importlib import import_module

from django.apps import AppConfig, apps
from django.contrib.admin.apps import AdminConfig
from django.db.models.signals import post_migrate


class MalpasConfig(AppConfig):
    """Set up what every process needs that loads Django: web, worker, beat, commands, shell."""

    name = "malpas"

    def ready(self) -> None:
        # Not in malpas/__init__.py, where Celery's guide puts it: that also loads without settings, for `make run`
        # and for each decoder of a photo. A process without the app publishes to a broker that nobody has.
        import_module("malpas.celery")
        # Sent once for each app with models; one is enough, and by then every table is there.
        rights = import_module("malpas.rights")
        post_migrate.connect(rights.after_migrate, sender=apps.get_app_config("accounts"))


class PortalAdminConfig(AdminConfig):
    default_site = "malpas.admin.PortalAdminSite"
