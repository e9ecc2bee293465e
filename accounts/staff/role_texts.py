"""Say in words what each role of a member of staff opens (AU-8)."""

from django.utils.translation import gettext_lazy as _

OPENS = {
    "is_slt": _("Senior leader: the records of every child, reports, decisions, and who works here."),
    "is_head": _("Head teacher: reports about staff, too."),
    "is_office": _("Office: the records of every child, letters, and what families write to the office."),
    "is_safeguarding": _("Safeguarding lead: what says that a child may be at risk, at any hour."),
    "is_governor": _("Governor: complaints about the head teacher."),
}
