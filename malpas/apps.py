from importlib import import_module

from django.apps import AppConfig, apps
from django.contrib.admin.apps import AdminConfig
from django.db.models.signals import post_migrate


class MalpasConfig(AppConfig):
    """Prepare every process that loads Django: web, worker, beat, commands, shell."""

    name = "malpas"

    def ready(self) -> None:
        # Not in malpas/__init__.py, where Celery's guide puts it: that is also imported without settings, by `make run`
        # and by the photo decoder. Without the Celery app a process would publish to a default broker.
        import_module("malpas.celery")
        # The signal comes once for each app with models, after all tables exist; one is enough.
        rights = import_module("malpas.operations.rights")
        post_migrate.connect(rights.after_migrate, sender=apps.get_app_config("accounts"))


class PortalAdminConfig(AdminConfig):
    default_site = "malpas.admin.PortalAdminSite"
