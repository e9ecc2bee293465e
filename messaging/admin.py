"""Let leaders edit the lists of messaging and read what oversight recorded."""

from django.contrib import admin
from django.db import models, transaction
from django.db.models import F
from django.forms import Textarea, TextInput
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.admin.base import OFFICE, SLT, RoleAdmin
from accounts.audit import record
from accounts.http import portal_request
from accounts.models.school import School
from messaging.models.absences import AbsenceCode
from messaging.models.oversight import OversightAccess, Suspension
from messaging.models.screening import KeywordRule, Phrase, StandardReply, TopicText


class SchoolListAdmin(RoleAdmin):
    """Edit a cached list; a change makes every process read it again."""

    change_for = delete_for = {SLT}
    actions = None

    def save_model(self, request: HttpRequest, obj, form, change) -> None:
        with transaction.atomic():
            super().save_model(request, obj, form, change)
            self.changed()

    def delete_model(self, request: HttpRequest, obj) -> None:
        with transaction.atomic():
            record("admin.deleted", by=portal_request(request).actor, about=obj)
            super().delete_model(request, obj)
            self.changed()

    def changed(self) -> None:
        School.objects.filter(pk=1).update(lists_version=F("lists_version") + 1)


@admin.register(Phrase)
class PhraseAdmin(SchoolListAdmin):
    list_display = ["text", "kind", "language"]
    list_filter = ["kind", "language"]
    search_fields = ["text"]
    formfield_overrides = {models.TextField: {"widget": TextInput({"size": 40})}}


@admin.register(StandardReply)
class StandardReplyAdmin(SchoolListAdmin):
    list_display = ["title_en", "title_cy", "for_office", "order"]
    list_filter = ["for_office"]

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name.startswith("title"):
            kwargs["widget"] = TextInput({"size": 40})
        elif db_field.name.startswith("body"):
            kwargs["widget"] = Textarea({"rows": 4})
        return super().formfield_for_dbfield(db_field, request, **kwargs)


@admin.register(KeywordRule)
class KeywordRuleAdmin(SchoolListAdmin):
    list_display = ["pattern", "about", "language", "weight"]
    list_filter = ["about", "language", "weight"]
    search_fields = ["pattern"]
    formfield_overrides = {models.TextField: {"widget": TextInput({"size": 40})}}


@admin.register(TopicText)
class TopicTextAdmin(SchoolListAdmin):
    list_display = ["topic", "label_en", "label_cy", "is_closed"]
    formfield_overrides = {models.TextField: {"widget": Textarea({"rows": 2})}}


@admin.register(AbsenceCode)
class AbsenceCodeAdmin(SchoolListAdmin):
    change_for = delete_for = {SLT, OFFICE}
    list_display = ["code", "name_en", "name_cy", "for_reason"]
    formfield_overrides = {models.TextField: {"widget": TextInput({"size": 40})}}


@admin.register(OversightAccess)
class OversightAccessAdmin(RoleAdmin):
    view_for = {SLT}
    actions = None
    list_display = ["at", "by", "into", "reason"]
    list_select_related = ["by", "conversation__pupil", "conversation__parent"]
    fields = ["at", "by", "into", "reason"]

    @admin.display(description=_("conversation"))
    def into(self, oversight_access: OversightAccess) -> str:
        conversation = oversight_access.conversation
        return gettext("%(parent)s, about %(child)s") % {
            "parent": conversation.parent.name,
            "child": conversation.pupil,
        }


@admin.register(Suspension)
class SuspensionAdmin(RoleAdmin):
    view_for = {SLT}
    actions = None
    list_display = ["at", "by", "reason", "lifted_at", "lifted_by"]
    list_select_related = ["by", "lifted_by"]
