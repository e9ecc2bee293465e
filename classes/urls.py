from django.urls import path

from classes import own_page, parent_lock_views, terms_report
from classes.class_account import leave_views, step_in_views
from classes.class_account import views as class_account_views
from classes.classrooms import views as classrooms_views
from classes.joining import views as joining_views
from classes.letters import set_views as letter_set_views
from classes.letters import views as letters_views
from classes.people.views import approvals as people_approvals
from classes.people.views import changes as people_changes
from classes.people.views import connections as people_connections
from classes.people.views import pages as people_pages
from classes.people.views import same as people_same
from classes.pupil_access import staff_views
from classes.pupil_access import views as pupil_views
from classes.roster.pages import views as roster_views

urlpatterns = [
    path("you/", own_page.own_page, name="you"),
    path("parent-lock/pin/", parent_lock_views.choose_pin, name="parent_pin"),
    path("join/", joining_views.join, name="join"),
    path("join/<str:code>/", joining_views.join, name="join_code"),
    path("class/who/", class_account_views.staff_choice, name="staff_choice"),
    path("class/lock/", leave_views.class_lock, name="class_lock"),
    path("class/pin/", class_account_views.pin, name="pin"),
    path("class/saved-form/", class_account_views.saved_form, name="saved_form"),
    path("class/step-in/", step_in_views.step_in, name="step_in"),
    path("class/step-out/", leave_views.step_out, name="step_out"),
    path("staff/<int:pk>/classes/", classrooms_views.staff_classes, name="staff_classes"),
    path("people/", people_pages.people, name="people"),
    path("people/child/add/", people_changes.child_add, name="people_child_add"),
    path("people/child/<int:pk>/", people_pages.child, name="people_child"),
    path("people/child/<int:pk>/change/", people_changes.child_change, name="people_child_change"),
    path("people/child/<int:pk>/leaving/", people_changes.child_leaving, name="people_child_leaving"),
    path("people/child/<int:pk>/adult/", people_changes.adult_add, name="people_adult_add"),
    path("people/child/<int:pk>/adult/find/", people_changes.adult_find, name="people_adult_find"),
    path("people/child/<int:pk>/adult/<int:contact_id>/", people_changes.connect, name="people_connect"),
    path("people/adult/<int:pk>/", people_pages.adult, name="people_adult"),
    path("people/adult/<int:pk>/change/", people_changes.adult_change, name="people_adult_change"),
    path("people/connection/<int:pk>/", people_connections.connection, name="people_connection"),
    path("people/connection/<int:pk>/restrict/", people_connections.restrict, name="people_restrict"),
    path(
        "people/connection/<int:pk>/change/",
        people_connections.connection_change,
        name="people_connection_change",
    ),
    path("people/connection/<int:pk>/end/", people_connections.connection_end, name="people_connection_end"),
    path(
        "people/connection/<int:pk>/open/", people_connections.connection_open, name="people_connection_open"
    ),
    path("people/connection/<int:pk>/ask/", people_approvals.ask, name="people_ask"),
    path("people/connection/<int:pk>/answer/", people_approvals.answer, name="people_answer"),
    path("people/waiting/", people_approvals.waiting, name="people_waiting"),
    path("people/adult/<int:pk>/same/", people_same.same_find, name="people_same_find"),
    path("people/adult/<int:pk>/same/<int:other_id>/", people_same.same, name="people_same"),
    path("people/invite/<int:pk>/", people_changes.invite, name="people_invite"),
    path("classes/", classrooms_views.classes, name="classes"),
    path("classes/<int:pk>/", classrooms_views.classroom, name="classroom"),
    path("classes/<int:pk>/account/", classrooms_views.classroom_account, name="classroom_account"),
    path("classes/<int:pk>/retire/", classrooms_views.classroom_retire, name="classroom_retire"),
    path("classes/<int:pk>/reopen/", classrooms_views.classroom_reopen, name="classroom_reopen"),
    path("classes/<int:pk>/remove/", classrooms_views.classroom_remove, name="classroom_remove"),
    path("terms/agreed/", terms_report.terms_agreed, name="terms_agreed"),
    path("roster/", roster_views.roster, name="roster"),
    path("roster/<uuid:key>/", roster_views.roster_check, name="roster_check"),
    path("roster/<uuid:key>/columns/", roster_views.roster_columns, name="roster_columns"),
    path("roster/<uuid:key>/same/", roster_views.roster_same, name="roster_same"),
    path("roster/<uuid:key>/discard/", roster_views.roster_discard, name="roster_discard"),
    path("roster/columns/<int:pk>/forget/", roster_views.roster_column_forget, name="roster_column_forget"),
    path("roster/undo/<int:pk>/", roster_views.roster_undo, name="roster_undo"),
    path("letters/", letters_views.letters, name="letters"),
    path("letters/class/<int:pk>/", letters_views.letters_class, name="letters_class"),
    path("letters/make/", letters_views.letters_make, name="letters_make"),
    path("letters/not-joined/", letters_views.letters_csv, name="letters_csv"),
    path("letters/set/<uuid:key>/", letter_set_views.letters_set, name="letters_set"),
    path("letters/set/<uuid:key>/file/", letter_set_views.letters_file, name="letters_file"),
    path("class/cards/", staff_views.cards, name="cards"),
    path("class/cards/<int:pupil_id>/", staff_views.card, name="card"),
    path("class/poster/", staff_views.poster, name="poster"),
    path("class/pupils/", staff_views.pupils_here, name="pupils_here"),
    path("pupil/", pupil_views.pupil_start, name="pupil_start"),
    path("pupil/card/<str:token>/", pupil_views.pupil_card, name="pupil_card"),
    path("pupil/class/", pupil_views.pupil_class, name="pupil_class"),
    path("pupil/class/<str:token>/", pupil_views.pupil_class_link, name="pupil_class_link"),
    path(
        "pupil/pictures/<int:pupil_id>/",
        pupil_views.pupil_pictures,
        name="pupil_pictures",
    ),
    path("pupil/leave/", pupil_views.pupil_leave, name="pupil_leave"),
]
