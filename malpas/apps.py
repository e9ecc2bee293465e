from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class MalpasConfig(AppConfig):
    name = "malpas"


class PortalAdminConfig(AdminConfig):
    default_site = "malpas.admin.PortalAdminSite"
