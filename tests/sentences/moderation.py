"""English sentences of moderation, as the catalogue has them."""

SAY_WHAT_IS_WRONG = "Please say in a few words what is wrong."
THANKS_FOR_REPORT = "Thank you. Senior leaders have it."
KIND_AND_POLITE = "Everybody is kind and polite, as they would be face to face."
NO_WARNINGS = "There are no warnings"
WARNING_COMES_FIRST = (
    "Please give a warning first. Without one, only a serious breach ends somebody's access."
)
REPORT_IS_ON_THEIR_LIST = "It is on their list now. They are told on %(when)s."
DEVICES_SIGNED_OUT = "%(number)s device is signed out at once."
CHILDREN_CLOSE = "The pages of %(number)s child close for them."
OTHER_REPORTS = "%(number)s other report about the same person stays undecided."
END_ACCESS = "End their access"
HIDE_IT = "Hide it"
