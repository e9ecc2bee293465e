from django.urls import path

from messaging import views
from messaging.views import leavers

urlpatterns = [
    path("messages/", views.conversations, name="messages"),
    path("messages/left/", leavers.left_waiting, name="left_waiting"),
    path("messages/left/<int:pk>/", leavers.left_send, name="left_send"),
    path("messages/families/", views.families, name="families"),
    path("messages/<int:pk>/", views.conversation, name="conversation"),
    path("messages/<int:pk>/new/", views.conversation_news, name="conversation_news"),
    path("messages/<int:pk>/read/", views.conversation_read, name="conversation_read"),
    path("messages/<int:pk>/call/", views.conversation_call, name="conversation_call"),
    path("messages/<int:pk>/meet/", views.conversation_meet, name="conversation_meet"),
    path("messages/<int:pk>/held/", views.conversation_held, name="conversation_held"),
    path("messages/<int:pk>/done/", views.conversation_done, name="conversation_done"),
    path("messages/<int:pk>/open/", views.conversation_reopen, name="conversation_reopen"),
    path("messages/answer/<int:pk>/", views.meeting_answer, name="meeting_answer"),
    path("messages/child/<int:pupil_id>/meeting/", views.child_meeting, name="child_meeting"),
    path("messages/child/<int:pupil_id>/", views.family_conversation, name="child_conversation"),
    path(
        "messages/child/<int:pupil_id>/parent/<int:parent_id>/",
        views.family_conversation,
        name="family_conversation",
    ),
    path("messages/change/<int:pk>/", views.message_change, name="message_change"),
    path("messages/withdraw/<int:pk>/", views.message_withdraw, name="message_withdraw"),
    path("oversight/", views.oversight, name="oversight"),
    path("oversight/stop/", views.messages_stop, name="messages_stop"),
    path("oversight/lift/", views.messages_lift, name="messages_lift"),
    path("oversight/talk/<int:pk>/", views.look_begin, name="look_begin"),
    path("oversight/look/<int:pk>/", views.look, name="look"),
    path("write/", views.topics, name="write"),
    path("write/absence/", views.absence, name="write_absence"),
    path("write/done/<str:reference>/", views.done, name="write_done"),
    path("write/<str:topic>/", views.enquiry, name="write_topic"),
    path("office/", views.office, name="office"),
    path("office/absences.csv", views.absences_csv, name="office_absences"),
    path("office/<int:pk>/take/", views.enquiry_take, name="enquiry_take"),
    path("office/<int:pk>/done/", views.enquiry_done, name="enquiry_done"),
]
