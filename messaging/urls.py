"""Map the URLs of this app."""

from django.urls import path

from messaging import inbox
from messaging.conversations.views import broadcasts as broadcast_views
from messaging.conversations.views import changes as change_views
from messaging.conversations.views import conversations as conversation_views
from messaging.conversations.views import departed as departed_views
from messaging.conversations.views import meetings as meeting_views
from messaging.conversations.views import proposals as proposal_views
from messaging.file_access import views as file_views
from messaging.office.views import absences as absence_views
from messaging.office.views import answers as answer_views
from messaging.office.views import calls as call_views
from messaging.office.views import casework as casework_views
from messaging.office.views import families as family_views
from messaging.office.views import lost_photos as lost_photo_views
from messaging.office.views import own_absences as own_absence_views
from messaging.office.views import queue as queue_views
from messaging.office.views import replies as reply_views
from messaging.office.views import rerouting as rerouting_views
from messaging.oversight import views as oversight_views

urlpatterns = [
    path("messages/", inbox.conversations, name="messages"),
    path("messages/departed/", departed_views.departed_pending, name="departed_pending"),
    path("messages/departed/all/", departed_views.departed_send_all, name="departed_send_all"),
    path("messages/departed/<hidden:pk>/", departed_views.departed_send, name="departed_send"),
    path("messages/families/", conversation_views.families, name="families"),
    path("messages/families/write/", broadcast_views.families_write, name="families_write"),
    path("messages/families/<hidden:pk>/", broadcast_views.broadcast, name="broadcast"),
    path(
        "messages/families/<hidden:pk>/withdraw/",
        broadcast_views.broadcast_withdraw,
        name="broadcast_withdraw",
    ),
    path("messages/<int:pk>/", conversation_views.conversation, name="conversation"),
    path("messages/<int:pk>/new/", conversation_views.conversation_news, name="conversation_news"),
    path("messages/<int:pk>/read/", conversation_views.conversation_read, name="conversation_read"),
    path("messages/<int:pk>/call/", proposal_views.conversation_call, name="conversation_call"),
    path("messages/<int:pk>/meet/", proposal_views.conversation_meet, name="conversation_meet"),
    path("messages/<int:pk>/held/", proposal_views.conversation_completed, name="conversation_completed"),
    path("messages/<int:pk>/done/", proposal_views.conversation_done, name="conversation_done"),
    path("messages/<int:pk>/open/", proposal_views.conversation_reopen, name="conversation_reopen"),
    path("messages/answer/<hidden:pk>/", proposal_views.meeting_answer, name="meeting_answer"),
    path("messages/meeting/<hidden:pk>/cancel/", meeting_views.meeting_cancel, name="meeting_cancel"),
    path("messages/meeting/<hidden:pk>/move/", meeting_views.meeting_move, name="meeting_move"),
    path("messages/meeting/<hidden:pk>/calendar/", meeting_views.meeting_file, name="meeting_file"),
    path("messages/child/<int:pupil_id>/meeting/", proposal_views.child_meeting, name="child_meeting"),
    path("messages/child/<int:pupil_id>/", conversation_views.family_conversation, name="child_conversation"),
    path(
        "messages/child/<int:pupil_id>/parent/<int:parent_id>/",
        conversation_views.family_conversation,
        name="family_conversation",
    ),
    path("messages/add-file/", file_views.file_add, name="file_add"),
    path("messages/photo/<slug:name>/", file_views.message_photo, name="message_photo"),
    path("messages/file/<slug:name>/", file_views.message_file, name="message_file"),
    path(
        "messages/file/<slug:name>/small/",
        file_views.message_file,
        {"size": "small"},
        name="message_file_small",
    ),
    path("messages/change/<hidden:pk>/", change_views.message_change, name="message_change"),
    path("messages/pass-on/<hidden:pk>/", rerouting_views.message_reroute, name="message_reroute"),
    path("messages/withdraw/<hidden:pk>/", change_views.message_withdraw, name="message_withdraw"),
    path("messages/put-back/<hidden:pk>/", change_views.message_put_back, name="message_put_back"),
    path("oversight/", oversight_views.oversight, name="oversight"),
    path("oversight/suspend/", oversight_views.messaging_suspend, name="messaging_suspend"),
    path("oversight/resume/", oversight_views.messaging_resume, name="messaging_resume"),
    path("oversight/begin/<int:pk>/", oversight_views.oversight_begin, name="oversight_begin"),
    path("oversight/conversation/<hidden:pk>/", oversight_views.oversight_access, name="oversight_access"),
    path("write/", family_views.topics, name="write"),
    path("write/absence/", family_views.absence, name="write_absence"),
    path("write/absence/<str:reference>/change/", own_absence_views.absence_change, name="absence_change"),
    path("write/absence/<str:reference>/cancel/", own_absence_views.absence_cancel, name="absence_cancel"),
    path("write/still-off/<str:reference>/", family_views.still_off, name="still_off"),
    path("write/photo/<str:reference>/", lost_photo_views.enquiry_photo_add, name="enquiry_photo_add"),
    path(
        "write/photo/<str:reference>/<slug:name>/remove/",
        lost_photo_views.enquiry_photo_remove,
        name="enquiry_photo_remove",
    ),
    path("write/seen/<slug:name>/", lost_photo_views.enquiry_photo, name="enquiry_photo"),
    path("write/done/<str:reference>/", family_views.done, name="write_done"),
    path("write/<str:topic>/", family_views.enquiry, name="write_topic"),
    path("office/", queue_views.office, name="office"),
    path("office/absences/", absence_views.office_sheet, name="office_sheet"),
    path("office/absences.csv", absence_views.absences_csv, name="office_absences"),
    path("office/viewed/", queue_views.office_viewed, name="office_viewed"),
    path("office/figures/", queue_views.office_figures, name="office_figures"),
    path("office/replies/", reply_views.office_replies, name="office_replies"),
    path("office/replies/<int:pk>/", reply_views.office_reply, name="office_reply"),
    path("office/replies/<int:pk>/retire/", reply_views.office_reply_retire, name="office_reply_retire"),
    path("office/replies/<int:pk>/restore/", reply_views.office_reply_restore, name="office_reply_restore"),
    path("office/call/", call_views.office_call, name="office_call"),
    path("office/call/<int:contact_id>/", call_views.office_call, name="office_call_of"),
    path("office/<int:pk>/", casework_views.enquiry_at_office, name="enquiry"),
    path("office/<int:pk>/answer/<uuid:key>/", answer_views.answer_change, name="answer_change"),
    path("office/<int:pk>/answer/<uuid:key>/withdraw/", answer_views.answer_withdraw, name="answer_withdraw"),
    path("office/<int:pk>/letter/<uuid:key>/", answer_views.letter, name="enquiry_letter"),
    path("office/<int:pk>/hand-over/", casework_views.enquiry_hand_over, name="enquiry_hand_over"),
    path("office/<int:pk>/reopen/", casework_views.enquiry_reopen, name="enquiry_reopen"),
    path("office/<int:pk>/stage/", casework_views.enquiry_stage, name="enquiry_stage"),
    path("absent-today/", absence_views.absent_today, name="absent_today"),
    path("office/<int:pk>/take/", casework_views.enquiry_take, name="enquiry_take"),
    path("office/<int:pk>/done/", casework_views.enquiry_done, name="enquiry_done"),
]
