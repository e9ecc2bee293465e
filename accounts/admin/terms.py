"""Admin pages of the usage terms."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from accounts.actor import actor_of
from accounts.admin.base import OFFICE, SLT, RoleAdmin, has_role
from accounts.http import portal_request
from accounts.models.terms import TermsAcceptance, TermsVersion
from accounts.rules import is_review_overdue
from accounts.terms.forms import PublishForm, TermsVersionForm
from accounts.terms.queries import newest_published
from accounts.terms.services import LanguageUntouched, publish_terms, save_draft
from accounts.terms.text_diff import changes
from malpas.lib.errors import RuleViolation


@admin.register(TermsVersion)
class TermsVersionAdmin(RoleAdmin):
    """Draft, preview and publish a version; a published one never changes."""

    view_for = {SLT, OFFICE}
    change_for = delete_for = {SLT}
    form = TermsVersionForm
    actions = None
    list_display = ["number", "dated", "review_by", "published_at"]
    readonly_fields = ["number", "published_at"]

    def _is_draft(self, obj) -> bool:
        return not (obj and obj.published_at)

    def has_change_permission(self, request, obj=None) -> bool:
        """Refuse to change a published version: people have agreed to it."""
        return super().has_change_permission(request, obj) and self._is_draft(obj)

    def has_delete_permission(self, request, obj=None) -> bool:
        return super().has_delete_permission(request, obj) and self._is_draft(obj)

    def get_urls(self):
        view = self.admin_site.admin_view(self.preview)
        return [path("<int:pk>/preview/", view, name="accounts_termsversion_preview"), *super().get_urls()]

    def get_changeform_initial_data(self, request) -> dict:
        """Begin a new version with the text of the newest."""
        newest = TermsVersion.objects.first()
        return {"body_en": newest.body_en, "body_cy": newest.body_cy} if newest else {}

    def save_model(self, request, obj, form, change) -> None:
        save_draft(obj, form.changed_data, by=portal_request(request).actor)

    def response_add(self, request, obj, post_url_continue=None):
        return redirect("admin:accounts_termsversion_preview", obj.pk)

    def preview(self, request: HttpRequest, pk: int, asked: LanguageUntouched | None = None) -> HttpResponse:
        version = TermsVersion.objects.filter(pk=pk).first()
        if version is None or not self.has_view_permission(request, version):
            raise Http404
        if request.method == "POST" and asked is None:
            return self._publish(request, version)
        in_force = portal_request(request).school.terms_number or 0
        before = TermsVersion.objects.filter(number=in_force, number__lt=version.number)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": version,
            "version": version,
            "sides": sides(version, before.first()),
            "may_publish": self.has_change_permission(request, version),
            "asked": asked,
        }
        status = 409 if asked else 200
        return render(request, "admin/accounts/termsversion/preview.html", context, status=status)

    def _publish(self, request: HttpRequest, version: TermsVersion) -> HttpResponse:
        if not has_role(actor_of(request), self.change_for):
            raise PermissionDenied
        by, now = portal_request(request).actor, portal_request(request).school.now
        try:
            publish_terms(version, by=by, at=now, untouched=PublishForm(request.POST).confirmed())
        except LanguageUntouched as question:
            return self.preview(request, version.pk, asked=question)
        except RuleViolation as violation:
            messages.error(request, violation.sentence)
            return redirect("admin:accounts_termsversion_preview", version.pk)
        messages.success(request, _("Published. Everybody is asked at their next page."))
        return redirect("terms_agreed")

    def changelist_view(self, request, extra_context=None):
        newest = newest_published()
        if newest and is_review_overdue(newest, localtime(portal_request(request).school.now).date()):
            text = _("The review of the terms was due on %(date)s.") % {
                "date": f"{newest.review_by:%d.%m.%Y}"
            }
            messages.warning(request, text)
        return super().changelist_view(request, extra_context)


def sides(version: TermsVersion, before: TermsVersion | None) -> list[tuple[str, str, list]]:
    """Return (language, text, changes since the version in force) for both languages."""
    return [
        (
            code,
            getattr(version, f"body_{code}"),
            changes(getattr(before, f"body_{code}"), getattr(version, f"body_{code}")) if before else [],
        )
        for code in ("en", "cy")
    ]


@admin.register(TermsAcceptance)
class TermsAcceptanceAdmin(RoleAdmin):
    view_for = {SLT, OFFICE}
    list_display = ["user", "staff", "version", "accepted_at"]
    list_select_related = ["user", "staff", "version"]
