from messaging.forms.absence import AbsenceForm
from messaging.forms.enquiries import EnquiryForm, TopicFilter
from messaging.forms.messages import MessageForm, TalkForm

__all__ = ["AbsenceForm", "EnquiryForm", "MessageForm", "TalkForm", "TopicFilter"]
