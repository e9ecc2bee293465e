from django.http import Http404
from django.urls import path


def not_yet(request, **kwargs):
    raise Http404


urlpatterns = [
    path("report/message/<int:message_id>/", not_yet, name="report_message"),
    path("report/post/<int:post_id>/", not_yet, name="report_post"),
]
