"""Let senior leaders read stories. Hiding one is moderation's decision."""

from django.contrib import admin

from accounts.admin.base import SLT, RoleAdmin
from stories.models import Photo, Post


class PhotoInline(admin.TabularInline):
    model = Photo
    fields = ["alt", "width", "height"]
    extra = 0

    def has_view_permission(self, request, obj=None) -> bool:
        return self.admin_site._registry[Post].has_view_permission(request, obj)

    def has_add_permission(self, request, obj=None) -> bool:
        return False

    has_change_permission = has_delete_permission = has_add_permission


@admin.register(Post)
class PostAdmin(RoleAdmin):
    view_for = {SLT}
    list_display = ["title", "classroom", "staff", "release_at", "withdrawn_at", "hidden_at", "taken_down_at"]
    list_select_related = ["classroom", "staff"]
    list_filter = ["classroom"]
    search_fields = ["title"]
    ordering = ["-release_at", "-pk"]
    exclude = ["key"]
    inlines = [PhotoInline]
