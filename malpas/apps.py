from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig

from malpas.lib.wording import use_our_words


class MalpasConfig(AppConfig):
    name = "malpas"

    def ready(self) -> None:
        use_our_words()


class PortalAdminConfig(AdminConfig):
    default_site = "malpas.admin.PortalAdminSite"
