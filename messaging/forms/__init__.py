from messaging.forms.absence import AbsenceForm
from messaging.forms.enquiries import EnquiryForm, TopicFilter
from messaging.forms.meetings import AnswerForm, MeetingForm, OfferForm
from messaging.forms.messages import DoneForm, ListForm, MessageForm, PressForm, ReplyForm, TalkForm
from messaging.forms.oversight import FindForm, ReasonForm

__all__ = [
    "AbsenceForm",
    "AnswerForm",
    "DoneForm",
    "EnquiryForm",
    "FindForm",
    "ListForm",
    "MeetingForm",
    "MessageForm",
    "OfferForm",
    "PressForm",
    "ReasonForm",
    "ReplyForm",
    "TalkForm",
    "TopicFilter",
]
