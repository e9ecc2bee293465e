from messaging.forms.absence import AbsenceForm
from messaging.forms.checking import answers_to_check
from messaging.forms.enclosing import EnclosedForm
from messaging.forms.enquiries import FORMS, EnquiryForm, PhotoForm, ReplyToOffice, TopicFilter
from messaging.forms.meetings import AnswerForm, MeetingForm, OfferForm
from messaging.forms.messages import DoneForm, ListForm, MessageForm, PressForm, ReplyForm, TalkForm
from messaging.forms.oversight import FindForm, ReasonForm

__all__ = [
    "FORMS",
    "AbsenceForm",
    "AnswerForm",
    "DoneForm",
    "EnclosedForm",
    "EnquiryForm",
    "FindForm",
    "ListForm",
    "MeetingForm",
    "MessageForm",
    "OfferForm",
    "PhotoForm",
    "PressForm",
    "ReasonForm",
    "ReplyForm",
    "ReplyToOffice",
    "TalkForm",
    "TopicFilter",
    "answers_to_check",
]
