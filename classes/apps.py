from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ClassesConfig(AppConfig):
    name = "classes"
    verbose_name = _("Classes")

    def ready(self) -> None:
        from accounts import hooks
        from classes.queries import classes_of_staff, has_child
        from classes.short_names import CHILDREN, CHILDREN_OF_CLASS

        hooks.WITH_ACCOUNT[CHILDREN] = CHILDREN_OF_CLASS
        hooks.has_other_access.register(has_child)
        hooks.classes_of_staff.register(classes_of_staff)
