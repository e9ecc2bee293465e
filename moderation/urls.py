from django.urls import path

from moderation import views

urlpatterns = [
    path("report/message/<hidden:message_id>/", views.report_message, name="report_message"),
    path("report/post/<hidden:post_id>/", views.report_post, name="report_post"),
    path("report/<hidden:report_id>/", views.read_report, name="report_read"),
    path("report/<hidden:report_id>/file/<slug:name>/", views.report_file, name="report_file"),
    path("report/<hidden:report_id>/thank-you/", views.thanks, name="report_thanks"),
    path("warnings/", views.warnings, name="warnings"),
    path("warnings/read/", views.warnings_read, name="warnings_read"),
    path("warnings/banner/", views.warnings_banner, name="warnings_banner"),
]
