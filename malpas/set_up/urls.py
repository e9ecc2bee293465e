from django.urls import path

from malpas.set_up import views

urlpatterns = [
    path("", views.set_up, name="set_up"),
    path("names/", views.names, name="set_up_names"),
    path("limits/", views.limits, name="set_up_limits"),
    path("hours/", views.hours, name="set_up_hours"),
    path("hours/<int:weekday>/", views.hours_of_day, name="set_up_hours_of_day"),
    path("terms/", views.terms, name="set_up_terms"),
    path("terms/publish/", views.publish, name="set_up_publish"),
    path("behaviours/", views.behaviours, name="set_up_behaviours"),
    path("behaviours/new/", views.behaviour, name="set_up_behaviour_new"),
    path("behaviours/<int:pk>/", views.behaviour, name="set_up_behaviour"),
]
