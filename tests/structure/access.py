"""The access table: route → who may open it. The matrix tries every row with every person, data present."""

from uuid import uuid4

from accounts.models.school import Closure, Term
from points.models import Behaviour
from tests.structure.routes import CLASSES, EVERYBODY_IN, LEADERS, PARENTS, Row

# Open to everybody, signed in or not; what they show is no secret.
PUBLIC = {
    "set_language", "manifest", "favicon", "help", "privacy", "accessibility", "health", "terms_read", "join", "join_code",
    "pupil_start", "pupil_card", "pupil_leave", "pupil_class_link", "pupil_class", "pupil_pictures", "mailbox", "mailbox_mail",
    "account_login", "account_request_login_code", "account_confirm_login_code", "account_logout", "account_inactive", "account_signup", "account_email_verification_sent",
    "account_reset_password", "account_reset_password_done", "account_reset_password_from_key",
    "account_reset_password_from_key_done", "mfa_authenticate", "mfa_login_webauthn",
    "openid_connect_login", "openid_connect_callback",
    "staff_invitation", "staff_invitation_link",  # of whom, is asked there: tests/accounts/staff/test_accounts.py
}  # fmt: skip

PERSONS = PARENTS | LEADERS | {"office"}
ONE_FAMILY = {"parent"}
BOTH_PARENTS = {"parent", "other parent of the child"}
CELYN_FAMILIES = BOTH_PARENTS | {"parent of both classes"}


def conversation(world):
    return {"pk": world.conversation.pk}


def of_child(world):
    return {"pupil_id": world.people.mali.pk}


def of_celyn(world):
    return {"pk": world.people.celyn.pk}


def of_term(world):
    return {"pk": Term.objects.all()[0].pk}


def of_closure(world):
    return {"pk": Closure.objects.all()[0].pk}


def of_enquiry(world):
    return {"pk": world.enquiry.pk}


def of_answer(world):
    return {"pk": world.enquiry.pk, "key": world.answer.key}


def of_letter(world):
    return {"pk": world.enquiry.pk, "key": world.letter.key}


def of_office_reply(world):
    return {"pk": world.office_reply.pk}


def of_roster(world):
    return {"key": world.waiting_roster.key}


def contact_of_nia(world):
    return {"contact_id": world.people.nia.contact.pk}


def pupil_record(world):
    return {"pk": world.people.mali.pk}


def contact_record(world):
    return {"pk": world.people.nia.contact.pk}


def of_teacher(world):
    return {"pk": world.people.howells.pk}


def of_office(world):
    return {"pk": world.people.office.pk}


def of_connection(world):
    return {"pk": world.guardianship.pk}


def of_letters(world):
    return {"key": world.letters.key}


def report_id(world):
    return {"report_id": world.report.pk}


ACCESS: dict[str, Row] = {
    # -- malpas
    "home": Row(
        ok={"deputy", "head"},
        other=dict.fromkeys(PARENTS | CLASSES | {"office", "pupil"}, 302),
    ),
    "records": Row(ok=LEADERS),
    "status_page": Row(ok=LEADERS | {"office"}),
    "account_change_password": Row(
        ok=set(), other=dict.fromkeys(PERSONS, 302), denied=404
    ),  # these people have no password yet: they are led to choose one
    "account_set_password": Row(ok=PERSONS),
    "account_reauthenticate": Row(
        ok=set(), other=dict.fromkeys(PARENTS, 403) | dict.fromkeys(LEADERS | {"office"}, 302)
    ),
    "account_email": Row(ok=set(), other=dict.fromkeys(PERSONS, 302)),
    # -- the second step: office and leaders have an authenticator here, parents have none
    "mfa_setup": Row(ok=PARENTS, other=dict.fromkeys(LEADERS | {"office"}, 302)),
    "mfa_index": Row(ok=PERSONS),
    "you": Row(ok=PERSONS),
    "mfa_list_webauthn": Row(ok=set(), other=dict.fromkeys(PERSONS, 302)),
    "mfa_reauthenticate": Row(ok=LEADERS | {"office"}, other=dict.fromkeys(PARENTS, 403)),
    "mfa_reauthenticate_webauthn": Row(
        ok=set(), other=dict.fromkeys(PARENTS, 403) | dict.fromkeys(LEADERS | {"office"}, 302)
    ),
    "mfa_activate_totp": Row(ok=PARENTS, other=dict.fromkeys(LEADERS | {"office"}, 302)),
    "mfa_deactivate_totp": Row(ok=set(), other=dict.fromkeys(LEADERS | {"office"}, 302)),
    "mfa_add_webauthn": Row(ok=PARENTS, other=dict.fromkeys(LEADERS | {"office"}, 302)),
    "mfa_edit_webauthn": Row(ok=set(), args=lambda world: {"pk": 1}),  # nobody here has a passkey
    "mfa_remove_webauthn": Row(ok=set(), args=lambda world: {"pk": 1}),
    "mfa_view_recovery_codes": Row(ok=set()),
    "mfa_download_recovery_codes": Row(ok=set()),
    "mfa_generate_recovery_codes": Row(ok=PARENTS, other=dict.fromkeys(LEADERS | {"office"}, 302)),
    "provider_connect": Row(ok=set(), args=lambda world: {"provider_id": "microsoft"}, method="post"),
    "provider_end": Row(ok=set(), args=lambda world: {"provider_id": "microsoft"}, method="post"),
    # -- accounts
    "devices": Row(ok=PERSONS),
    "address": Row(ok=PERSONS),
    "devices_end": Row(ok=PERSONS, method="post", status=302),
    "terms": Row(ok=EVERYBODY_IN - {"pupil"}),
    "not_open": Row(ok=set(), other=dict.fromkeys(EVERYBODY_IN, 302)),  # it is open: to the first page
    "terms_mine": Row(ok=EVERYBODY_IN - {"pupil"}),
    "terms_version": Row(ok=EVERYBODY_IN - {"pupil"}, args=lambda world: {"number": 1}),
    "terms_agreed": Row(ok=LEADERS),
    "staff": Row(ok=LEADERS | {"office"}),
    "staff_add": Row(ok=LEADERS, other={"office": 403}),
    "staff_member": Row(ok=LEADERS | {"office"}, args=of_teacher),
    "staff_classes": Row(ok=LEADERS | {"office"}, args=of_teacher),
    **{
        name: Row(ok=LEADERS, other={"office": 403}, args=of_teacher)
        for name in (
            "staff_change",
            "staff_roles",
            "staff_account",
            "staff_mfa",
            "staff_pin",
            "staff_leaving",
        )
    },
    "staff_head": Row(ok={"head"}, other={"office": 403, "deputy": 403}, args=of_office),
    "staff_governor_decide": Row(
        ok=set(), other=dict.fromkeys(LEADERS, 404) | {"office": 403}, args=of_office, method="post"
    ),  # nothing is proposed
    **{
        name: Row(ok=LEADERS, other={"office": 403}, args=of_office)
        for name in ("staff_governor", "staff_address", "staff_sign_out", "staff_connections")
    },
    "staff_invite": Row(
        ok=LEADERS, other={"office": 403}, args=of_teacher, method="post", status=422
    ),  # without an address
    "staff_account_end": Row(
        ok=LEADERS, other={"office": 403}, args=of_office, method="post", status=422
    ),  # without a reason
    **{
        name: Row(ok=LEADERS, other={"office": 403}, args=of_teacher, method="post", status=302)
        for name in ("staff_invitation_withdraw", "staff_pin_end", "staff_back")
    },
    "calendar": Row(ok=EVERYBODY_IN - {"pupil"}),
    "calendar_file": Row(ok=LEADERS | {"office"}),
    "calendar_close": Row(ok=LEADERS | {"office"}),
    "calendar_days": Row(ok=LEADERS | {"office"}),
    "calendar_term_new": Row(ok=LEADERS | {"office"}),
    "calendar_term": Row(ok=LEADERS | {"office"}, args=of_term),
    "calendar_term_remove": Row(ok=LEADERS | {"office"}, args=of_term),
    "calendar_closure_new": Row(ok=LEADERS | {"office"}),
    "calendar_closure": Row(ok=LEADERS | {"office"}, args=of_closure),
    "calendar_closure_remove": Row(ok=LEADERS | {"office"}, args=of_closure),
    "calendar_check": Row(ok=set(), other=dict.fromkeys(LEADERS | {"office"}, 302)),  # no file is waiting
    "parent_lock": Row(ok=PARENTS),
    "parent_pin": Row(ok=PARENTS),
    "parent_lock_now": Row(ok=PARENTS, method="post", status=302),
    "parent_lock_here": Row(ok=PARENTS, method="post", status=204),
    "shared_view_begin": Row(ok=PARENTS, method="post", status=302),
    "shared_view": Row(
        ok=set()
    ),  # there is nothing to look at before it has begun (tests/shared_view/test_shared_view.py)
    "shared_view_child": Row(ok=set(), args=of_child),
    "shared_view_news": Row(ok=set()),
    # -- setting up
    "set_up": Row(ok=LEADERS),
    "set_up_names": Row(ok=LEADERS),
    "set_up_limits": Row(ok=LEADERS),
    "set_up_hours": Row(ok=LEADERS),
    "set_up_hours_of_day": Row(ok=LEADERS, args=lambda world: {"weekday": 4}),
    "set_up_terms": Row(ok=LEADERS),
    "set_up_publish": Row(ok=set(), other=dict.fromkeys(LEADERS, 302)),  # there is no draft
    "set_up_behaviours": Row(ok=LEADERS),
    "set_up_behaviour_new": Row(ok=LEADERS),
    "set_up_behaviour": Row(ok=LEADERS, args=lambda world: {"pk": Behaviour.objects.all()[0].pk}),
    # -- classes
    "staff_choice": Row(ok=CLASSES),
    "class_lock": Row(ok=CLASSES, method="post", status=302),
    "pin": Row(ok=CLASSES),
    "saved_form": Row(ok=CLASSES | PARENTS),
    "step_in": Row(ok=LEADERS | {"office"}),  # with an account of their own as staff
    "people": Row(ok=LEADERS | {"office"}),
    "people_child_add": Row(ok=LEADERS | {"office"}),
    **{
        name: Row(ok=LEADERS | {"office"}, args=pupil_record)
        for name in (
            "people_child",
            "people_child_change",
            "people_child_leaving",
            "people_adult_add",
            "people_adult_find",
        )
    },
    "people_adult": Row(ok=LEADERS | {"office"}, args=contact_record),
    "people_adult_change": Row(ok=LEADERS | {"office"}, args=contact_record),
    "people_same_find": Row(ok=LEADERS | {"office"}, args=contact_record),
    "people_same": Row(
        ok=LEADERS | {"office"},
        args=lambda world: contact_record(world) | {"other_id": world.people.gareth.contact.pk},
    ),
    "people_connect": Row(
        ok=LEADERS | {"office"}, args=lambda world: pupil_record(world) | contact_of_nia(world)
    ),
    "people_invite": Row(
        ok=LEADERS | {"office"},
        args=lambda world: {"pk": world.people.nia.contact.guardianships.get().pk},
    ),
    "people_waiting": Row(ok=LEADERS | {"office"}),
    "people_ask": Row(
        ok=LEADERS | {"office"}, args=of_connection, method="post", status=422
    ),  # without a reason
    "people_answer": Row(ok=LEADERS, other={"office": 403}, args=of_connection),
    **{
        name: Row(ok=LEADERS | {"office"}, args=of_connection)
        for name in (
            "people_connection",
            "people_restrict",
            "people_connection_change",
            "people_connection_end",
            "people_connection_open",
        )
    },
    "letters": Row(ok=LEADERS | {"office"}),
    "letters_class": Row(ok=LEADERS | {"office"}, args=of_celyn),
    "letters_make": Row(
        ok=LEADERS | {"office"}, method="post", status=302
    ),  # nothing chosen: back to the list
    "letters_csv": Row(ok=LEADERS | {"office"}),
    "letters_set": Row(ok={"office"}, args=of_letters),
    "letters_file": Row(ok={"office"}, args=of_letters, method="post", status=302),  # not made yet
    "step_out": Row(ok=set(), method="post"),  # nobody here has stepped in
    "cards": Row(ok=CLASSES),
    "card": Row(ok={"class"}, args=of_child),
    "poster": Row(ok=CLASSES, method="post"),
    "pupils_here": Row(ok=CLASSES, method="post", status=302),
    "roster": Row(ok=LEADERS | {"office"}),
    "roster_check": Row(ok={"office"}, args=of_roster),
    "roster_columns": Row(ok={"office"}, args=of_roster),
    "roster_same": Row(ok={"office"}, args=of_roster, method="post", status=302),
    "roster_discard": Row(ok={"office"}, args=of_roster, method="post", status=302),
    "roster_column_forget": Row(
        ok=LEADERS | {"office"}, args=lambda world: {"pk": world.column.pk}, method="post", status=302
    ),
    "roster_undo": Row(ok=LEADERS | {"office"}, args=lambda world: {"pk": world.roster.pk}),
    "classes": Row(ok=LEADERS | {"office"}),
    "classroom": Row(ok=LEADERS | {"office"}, args=of_celyn),
    "classroom_account": Row(
        ok=LEADERS, other={"office": 403}, args=of_celyn, method="post", status=422
    ),  # without an address
    "classroom_retire": Row(
        ok=LEADERS, other={"office": 403}, args=of_celyn, method="post", status=302
    ),  # there are children: back to the class
    "classroom_reopen": Row(ok=LEADERS, other={"office": 403}, args=of_celyn, method="post", status=302),
    "classroom_remove": Row(ok=LEADERS, other={"office": 403}, args=of_celyn, method="post", status=302),
    # -- points
    "board": Row(ok=CLASSES),
    "board_award": Row(ok=CLASSES, status=302),  # nobody chosen: back to the board
    "board_undo": Row(ok=set(), method="post", data=lambda world: {"key": str(uuid4())}),  # no such press
    "board_pick": Row(ok=CLASSES),
    "board_settings": Row(ok=CLASSES),
    "points_report": Row(ok=CLASSES | LEADERS),
    "points_csv": Row(ok=CLASSES | LEADERS),
    "points": Row(
        ok=PARENTS | {"office"} | LEADERS,
        other=dict.fromkeys(CLASSES, 302),
    ),
    "child_points": Row(ok=BOTH_PARENTS | {"class", "office"} | LEADERS, args=of_child),
    "pupil_page": Row(ok={"pupil"}, other={"pupil": 200}),
    "pupil_dragon": Row(ok={"pupil"}, other={"pupil": 200}),
    # -- messaging
    "messages": Row(ok=PERSONS | CLASSES),
    "families": Row(ok=CLASSES),
    "families_write": Row(ok=CLASSES),
    "broadcast": Row(ok={"class"}, args=lambda world: {"pk": world.broadcast.pk}),
    "broadcast_withdraw": Row(
        ok={"class"}, args=lambda world: {"pk": world.broadcast.pk}, method="post", status=302
    ),
    "departed_pending": Row(ok=CLASSES),
    "departed_send_all": Row(ok=CLASSES, method="post", status=302),
    "departed_send": Row(
        ok=set(), args=lambda world: {"pk": world.waiting.pk}, method="post"
    ),  # nobody has left
    "conversation": Row(ok=ONE_FAMILY | {"class"}, args=conversation),
    "conversation_news": Row(ok=ONE_FAMILY | {"class"}, args=conversation),
    "conversation_read": Row(ok=ONE_FAMILY | {"class"}, args=conversation, method="post", status=302),
    "child_conversation": Row(ok={"other parent of the child"}, args=of_child, other={"parent": 302}),
    "family_conversation": Row(
        ok=set(),
        args=lambda world: of_child(world) | {"parent_id": world.people.nia.pk},
        other={"class": 302},
    ),
    "message_change": Row(ok=ONE_FAMILY, args=lambda world: {"pk": world.waiting.pk}),
    "file_add": Row(ok=PARENTS | CLASSES, method="post"),
    "message_file": Row(ok={"parent", "class", "deputy"}, args=lambda world: {"name": world.photo.name}),
    "message_photo": Row(ok={"parent", "class", "deputy"}, args=lambda world: {"name": world.photo.name}),
    "message_file_small": Row(
        ok={"parent", "class", "deputy"}, args=lambda world: {"name": world.photo.name}
    ),
    "report_file": Row(
        ok=LEADERS, args=lambda world: {"report_id": world.report.pk, "name": world.photo.name}
    ),
    "message_withdraw": Row(
        ok=ONE_FAMILY, args=lambda world: {"pk": world.waiting.pk}, method="post", status=302
    ),
    "message_put_back": Row(
        ok=ONE_FAMILY, args=lambda world: {"pk": world.taken_back.pk}, method="post", status=302
    ),
    "meeting_cancel": Row(
        ok=ONE_FAMILY | {"class"}, args=lambda world: {"pk": world.promise.pk}, method="post", status=302
    ),
    "meeting_move": Row(ok=ONE_FAMILY | {"class"}, args=lambda world: {"pk": world.promise.pk}),
    "meeting_file": Row(ok=ONE_FAMILY | {"class"}, args=lambda world: {"pk": world.promise.pk}),
    "child_meeting": Row(ok=BOTH_PARENTS, args=of_child),
    "meeting_answer": Row(ok=ONE_FAMILY, args=lambda world: {"pk": world.reply.pk}),
    "conversation_call": Row(
        ok={"class"}, other={"parent": 403}, args=conversation, method="post", status=302
    ),
    "conversation_meet": Row(ok={"class"}, other={"parent": 403}, args=conversation),
    "conversation_completed": Row(
        ok={"class"}, other={"parent": 403}, args=conversation, method="post", status=302
    ),
    "conversation_done": Row(
        ok={"class"}, other={"parent": 403}, args=conversation, method="post", status=302
    ),
    "conversation_reopen": Row(
        ok={"class"}, other={"parent": 403}, args=conversation, method="post", status=302
    ),
    "oversight": Row(ok=LEADERS),
    "messaging_suspend": Row(ok=LEADERS, method="post", status=422),  # without a reason
    "messaging_resume": Row(ok=LEADERS, method="post", status=302),
    "oversight_begin": Row(ok=LEADERS, args=conversation),
    "oversight_access": Row(ok={"deputy"}, args=lambda world: {"pk": world.oversight_access.pk}),
    "write": Row(ok=PARENTS),
    "write_absence": Row(ok=PARENTS),
    "write_topic": Row(ok=PARENTS, args=lambda world: {"topic": "dinners"}),
    "absence_change": Row(ok=ONE_FAMILY, args=lambda world: {"reference": "A234567"}),
    "absence_cancel": Row(
        ok=ONE_FAMILY, args=lambda world: {"reference": "A234567"}, method="post", status=302
    ),
    "write_done": Row(ok=ONE_FAMILY, args=lambda world: {"reference": "K234567"}),
    "office": Row(ok={"office"} | LEADERS),
    "office_viewed": Row(ok={"office"} | LEADERS, method="post", status=302),
    "office_sheet": Row(ok={"office"}),
    "office_replies": Row(ok={"office"} | LEADERS),
    "office_reply": Row(ok={"office"} | LEADERS, args=of_office_reply),
    "office_reply_retire": Row(ok={"office"} | LEADERS, args=of_office_reply, method="post", status=302),
    "office_reply_restore": Row(ok={"office"} | LEADERS, args=of_office_reply, method="post", status=302),
    "office_absences": Row(ok={"office"}),
    "enquiry_take": Row(
        ok={"office"}, args=lambda world: {"pk": world.enquiry.pk}, method="post", status=302
    ),
    "enquiry_done": Row(
        ok={"office"}, args=lambda world: {"pk": world.enquiry.pk}, method="post", status=302
    ),
    "enquiry": Row(ok={"office"}, args=of_enquiry),
    "answer_change": Row(ok={"office"}, args=of_answer),
    "answer_withdraw": Row(ok={"office"}, args=of_answer, method="post", status=302),
    "enquiry_letter": Row(ok={"office"}, args=of_letter),
    "enquiry_hand_over": Row(ok={"office"}, args=of_enquiry, method="post", status=302),
    "enquiry_reopen": Row(ok={"office"}, args=of_enquiry, method="post", status=302),
    "enquiry_stage": Row(ok={"office"}, args=of_enquiry, method="post", status=302),
    "office_call": Row(ok={"office"}),
    "office_call_of": Row(ok={"office"}, args=contact_of_nia),
    "office_figures": Row(ok={"office"} | LEADERS),
    "still_off": Row(ok=ONE_FAMILY, args=lambda world: {"reference": "K234567"}, method="post", status=302),
    "enquiry_photo": Row(ok=ONE_FAMILY | {"office"}, args=lambda world: {"name": world.photo.name}),
    "enquiry_photo_remove": Row(
        ok=ONE_FAMILY,
        args=lambda world: {"reference": "K234567", "name": "1" * 32},
        method="post",
        status=302,
    ),
    "enquiry_photo_add": Row(
        ok=set(), args=lambda world: {"reference": "K234567"}, method="post"
    ),  # not of lost things
    "absent_today": Row(ok=CLASSES),
    "message_reroute": Row(ok={"class"}, args=lambda world: {"pk": world.message.pk}),
    # -- stories
    "newsfeed": Row(ok=EVERYBODY_IN - {"pupil"}),
    "post_new": Row(ok=CLASSES | LEADERS, denied=403),
    "post_photo_add": Row(ok=CLASSES | LEADERS, method="post", denied=403),
    "newsfeed_seen": Row(ok=PARENTS, method="post", status=302),
    "post_photo": Row(
        ok=CELYN_FAMILIES | {"class"} | LEADERS,
        args=lambda world: {"post_id": world.post.pk, "number": 1},
    ),
    "post": Row(ok=CELYN_FAMILIES | {"class"} | LEADERS, args=lambda world: {"post_id": world.post.pk}),
    "post_change": Row(
        ok={"class"},
        other=dict.fromkeys(LEADERS, 403),
        args=lambda world: {"post_id": world.waiting_post.pk},
    ),
    "post_withdraw": Row(
        ok={"class"},
        other=dict.fromkeys(LEADERS, 403),
        args=lambda world: {"post_id": world.waiting_post.pk},
        method="post",
        status=302,
    ),
    "post_take_down": Row(
        ok={"class"} | LEADERS,
        other=dict.fromkeys(CELYN_FAMILIES, 403),
        args=lambda world: {"post_id": world.post.pk},
    ),
    "photo": Row(
        ok=CELYN_FAMILIES | {"class"} | LEADERS, args=lambda world: {"name": world.photo.name, "size": 640}
    ),
    # -- moderation
    "report_message": Row(ok={"class"}, args=lambda world: {"message_id": world.message.pk}),
    "report_post": Row(ok=CELYN_FAMILIES | LEADERS, args=lambda world: {"post_id": world.post.pk}),
    "report_read": Row(ok=LEADERS, args=report_id),
    "report_thanks": Row(ok={"class"}, args=report_id),
    "warnings": Row(ok=PERSONS),
    "warnings_read": Row(ok=PERSONS, method="post", status=302),
    "warnings_banner": Row(ok=PERSONS, status=204),
}
