from classes.services.approvals import approve_adult, approve_code, approve_further_adult
from classes.services.cards import IssuedCard, end_card, let_in_again, new_card, new_cards, try_pictures
from classes.services.doors import new_door, open_door
from classes.services.dragons import NoSuchPart, NotYourDragon, choose_dragon
from classes.services.guessing import count_refusal, note_other_adult, sound_alarm, tell_of_codes_due
from classes.services.invitations import (
    Issued,
    NoCode,
    invite_class,
    invite_ties,
    make_invitation,
    withdraw_invitation,
)
from classes.services.joining import (
    CodeRefused,
    NotForThem,
    ThirdAdult,
    check_place,
    claim,
    redeem,
    redeem_claimed,
)
from classes.services.leaving import withdraw_notices_of_leavers_due
from classes.services.restrictions import set_restriction
from classes.services.ties import StillOpen, end_tie, open_again, when_tie_closes

__all__ = [
    "CodeRefused",
    "Issued",
    "IssuedCard",
    "NoCode",
    "NoSuchPart",
    "NotForThem",
    "NotYourDragon",
    "StillOpen",
    "ThirdAdult",
    "approve_adult",
    "approve_code",
    "approve_further_adult",
    "check_place",
    "choose_dragon",
    "claim",
    "count_refusal",
    "end_card",
    "end_tie",
    "invite_class",
    "invite_ties",
    "let_in_again",
    "make_invitation",
    "new_card",
    "new_cards",
    "new_door",
    "note_other_adult",
    "open_again",
    "open_door",
    "redeem",
    "redeem_claimed",
    "set_restriction",
    "sound_alarm",
    "tell_of_codes_due",
    "try_pictures",
    "when_tie_closes",
    "withdraw_invitation",
    "withdraw_notices_of_leavers_due",
]
