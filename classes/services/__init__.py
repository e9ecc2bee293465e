from classes.services.cards import end_card, new_card, new_cards
from classes.services.dragons import NoSuchPart, NotYourDragon, choose_dragon
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
    ThirdAdult,
    approve_further_adult,
    check_place,
    claim,
    redeem,
    redeem_claimed,
)
from classes.services.restrictions import set_restriction

__all__ = [
    "CodeRefused",
    "Issued",
    "NoCode",
    "NoSuchPart",
    "NotYourDragon",
    "ThirdAdult",
    "approve_further_adult",
    "check_place",
    "choose_dragon",
    "claim",
    "end_card",
    "invite_class",
    "invite_ties",
    "make_invitation",
    "new_card",
    "new_cards",
    "redeem",
    "redeem_claimed",
    "set_restriction",
    "withdraw_invitation",
]
