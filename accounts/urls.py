from django.contrib.auth.decorators import login_not_required
from django.urls import path

from accounts import views

urlpatterns = [
    path("terms/agree/", views.terms, name="terms"),
    path("terms/", login_not_required(views.terms_read), name="terms_read"),
]
