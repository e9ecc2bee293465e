"""Hold the texts of the letter with the code.

A letter always has both languages side by side, Welsh left, so both are here.
"""

from typing import NamedTuple


class LetterText(NamedTuple):
    greeting: str
    title: str
    opening: str
    code: str
    until: str
    steps_title: str
    steps: tuple[str, ...]
    safe_title: str
    safe: str
    quiet_title: str
    quiet: str
    closing: str


WELSH = LetterText(
    greeting="Annwyl Riant neu Ofalwr,",
    title="Croeso i’r porth",
    opening=(
        "Mae gan yr ysgol borth i deuluoedd. Yno fe welwch newyddion yr ysgol a’r dosbarth, a phwyntiau "
        "{child} gyda’r rheswm am bob un. Gallwch hefyd ysgrifennu atom."
    ),
    code="Eich cod chi",
    until="Tan {date}, unwaith yn unig",
    steps_title="Beth i’w wneud",
    steps=(
        "Sganiwch y llun, neu agorwch y cyfeiriad uchod a theipiwch y cod.",
        "Rhowch ddyddiad geni {child}.",
        "Rhowch eich cyfeiriad e-bost eich hun a darllenwch y telerau.",
    ),
    safe_title="Cadwch y cod yn ddiogel",
    safe=(
        "I chi yn unig y mae’r cod hwn. Peidiwch â’i roi i neb arall. Os yw ar goll, ffoniwch y swyddfa ar "
        "{phone}: byddwn yn argraffu un newydd."
    ),
    quiet_title="Oriau tawel",
    quiet="Cewch ysgrifennu pryd bynnag y mynnwch. Bydd staff yn darllen ac yn ateb ar ddiwrnodau ysgol yn unig.",
    closing="Yn gywir,\nSwyddfa’r ysgol",
)
ENGLISH = LetterText(
    greeting="Dear Parent or Carer,",
    title="Welcome to the portal",
    opening=(
        "The school has a portal for families. In it you see the news of the school and the class, and "
        "{child}’s points with the reason for each. You can also write to us."
    ),
    code="Your code",
    until="Until {date}, once only",
    steps_title="What to do",
    steps=(
        "Scan the picture, or open the address above and type the code.",
        "Enter {child}’s date of birth.",
        "Enter your own e-mail address and read the terms.",
    ),
    safe_title="Keep the code safe",
    safe=(
        "This code is for you alone. Please give it to nobody else. If it is lost, telephone the office on "
        "{phone}: we print a new one."
    ),
    quiet_title="Quiet hours",
    quiet="You may write whenever you like. Staff read and answer on school days only.",
    closing="Yours sincerely,\nthe Main Office",
)
