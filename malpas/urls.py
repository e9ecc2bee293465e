from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from malpas import shared_view, views
from malpas.operations import status
from malpas.records import views as record_views

urlpatterns = [
    path("", views.home, name="home"),
    path("together/", shared_view.children, name="shared_view"),
    path("together/begin/", shared_view.begin, name="shared_view_begin"),
    path("together/news/", shared_view.news, name="shared_view_news"),
    path("together/<int:pupil_id>/", shared_view.child, name="shared_view_child"),
    path("language/", views.language, name="set_language"),
    path("help/", views.help_page, name="help"),
    path("privacy/", views.privacy, name="privacy"),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("manifest.webmanifest", views.manifest, name="manifest"),
    path("favicon.ico", views.favicon, name="favicon"),
    path("health/", status.health, name="health"),
    path("status/", status.page, name="status_page"),
    path("records/", record_views.records, name="records"),
    path("set-up/", include("malpas.set_up.urls")),
    path("account/", include("malpas.sign_in.urls")),
    path("", include("accounts.urls")),
    path("", include("classes.urls")),
    path("", include("points.urls")),
    path("", include("messaging.urls")),
    path("", include("stories.urls")),
    path("", include("moderation.urls")),
    path("admin/", admin.site.urls),
]
if settings.DEMO:
    from malpas.mail import mailbox

    urlpatterns += [
        path("mailbox/", mailbox.index, name="mailbox"),
        path("mailbox/<str:name>/", mailbox.mail, name="mailbox_mail"),
    ]

handler400 = "malpas.views.bad_request"
handler403 = "malpas.views.forbidden"
handler404 = "malpas.views.not_found"
handler500 = "malpas.views.broken"
