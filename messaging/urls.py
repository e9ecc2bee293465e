from django.urls import path

from messaging import views

urlpatterns = [
    path("messages/", views.conversations, name="messages"),
    path("messages/families/", views.families, name="families"),
    path("messages/<int:pk>/", views.conversation, name="conversation"),
    path("messages/<int:pk>/new/", views.conversation_news, name="conversation_news"),
    path("messages/<int:pk>/read/", views.conversation_read, name="conversation_read"),
    path("messages/child/<int:pupil_id>/", views.family_conversation, name="child_conversation"),
    path(
        "messages/child/<int:pupil_id>/parent/<int:parent_id>/",
        views.family_conversation,
        name="family_conversation",
    ),
    path("messages/change/<int:pk>/", views.message_change, name="message_change"),
    path("messages/withdraw/<int:pk>/", views.message_withdraw, name="message_withdraw"),
    path("write/", views.topics, name="write"),
    path("write/absence/", views.absence, name="write_absence"),
    path("write/done/<str:reference>/", views.done, name="write_done"),
    path("write/<str:topic>/", views.enquiry, name="write_topic"),
    path("office/", views.office, name="office"),
    path("office/absences.csv", views.absences_csv, name="office_absences"),
    path("office/<int:pk>/take/", views.enquiry_take, name="enquiry_take"),
    path("office/<int:pk>/done/", views.enquiry_done, name="enquiry_done"),
]
