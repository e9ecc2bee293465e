"""Match the columns of a school's export to our fields. Pure.

Spellings are compared without regard to case, spaces, underscores, full stops and the like. The order within a field
is a preference: a file with both `Registration Form` and `Class` is read by the first of the two. Unknown columns are
ignored.
"""

from collections.abc import Collection, Mapping, Sequence

from .files.plain import bare

SPELLINGS: dict[str, tuple[str, ...]] = {
    "pupil_ref": (
        "Person ID",
        "Student ID",
        "Pupil ID",
        "Arbor Student ID",
        "Learner ID",
        "sourcedId",
        "ID Person",
        "ID Disgybl",
    ),
    "admission_number": ("Admission Number", "Adno", "Adm No", "Admission No", "identifier", "Rhif Derbyn"),
    "upn": ("UPN", "Unique Pupil Number", "Rhif Disgybl Unigryw"),
    "legal_forename": (
        "Legal Forename",
        "Legal First Name",
        "Legal Given Name",
        "Pupil Forename",
        "Forename",
        "First Name",
        "Enw Cyntaf Cyfreithiol",
        "Enw Cyntaf",
    ),
    "legal_surname": (
        "Legal Surname",
        "Legal Last Name",
        "Legal Family Name",
        "Pupil Surname",
        "Surname",
        "Last Name",
        "Cyfenw Cyfreithiol",
        "Cyfenw",
    ),
    "preferred_forename": (
        "Preferred Forename",
        "Preferred First Name",
        "Chosen Forename",
        "Chosen First Name",
        "Used Forename",
        "Used First Name",
        "Usual Forename",
        "Usual First Name",
        "Known As Forename",
        "Known As First Name",
        "Known As",
        "preferredGivenName",
        "Enw Dewisol",
        "Enw Cyntaf Dewisol",
    ),
    "preferred_surname": (
        "Preferred Surname",
        "Preferred Last Name",
        "preferredFamilyName",
        "Chosen Surname",
        "Chosen Last Name",
        "Used Surname",
        "Usual Surname",
        "Known As Surname",
        "Known Surname",
        "Cyfenw Dewisol",
        "Cyfenw a Ddefnyddir",
    ),
    "date_of_birth": ("Date of Birth", "DOB", "Birth Date", "Pupil DOB", "Dyddiad Geni"),
    "classroom": (
        "Reg Group",
        "Registration Group",
        "Registration Form",
        "Reg",
        "Form",
        "Class Name",
        "Class",
        "Grŵp Cofrestru",
        "Dosbarth",
    ),
    "year": (
        "Year Group",
        "NC Year",
        "National Curriculum Year",
        "Year",
        "Yr",
        "grades",
        "Grŵp Blwyddyn",
        "Blwyddyn",
    ),
    "leaving_date": ("Date of Leaving", "DOL", "Leaving Date", "Dyddiad Gadael"),
    "contact_ref": ("Contact ID", "Parent ID", "Guardian ID", "Carer ID", "ID Cyswllt", "ID Rhiant"),
    "contact_title": ("Contact Title", "Parent Title", "Guardian Title", "Teitl", "Teitl y Cyswllt"),
    "contact_forename": (
        "Contact Forename",
        "Contact First Name",
        "Parent Forename",
        "Parent First Name",
        "Guardian Forename",
        "Guardian First Name",
        "Enw Cyntaf y Cyswllt",
    ),
    "contact_surname": (
        "Contact Surname",
        "Contact Last Name",
        "Parent Surname",
        "Parent Last Name",
        "Guardian Surname",
        "Guardian Last Name",
        "Cyfenw y Cyswllt",
    ),
    "relationship": (
        "Relationship",
        "Relation",
        "Relationship to Student",
        "Relationship to Pupil",
        "Contact Relationship",
        "Perthynas",
    ),
    "priority": ("Priority", "Contact Priority", "Contact Order", "Blaenoriaeth"),
    "parental_responsibility": (
        "Parental Responsibility",
        "Has Parental Responsibility",
        "PR",
        "Legal Guardian",
        "Cyfrifoldeb Rhiant",
    ),
    "court_order": ("Court Order", "Court Order Exists", "Gorchymyn Llys"),
    "email": (
        "Primary Email",
        "Contact Email",
        "Parent Email",
        "Guardian Email",
        "Home Email",
        "Email",
        "Email Address",
        "E-bost",
        "Cyfeiriad E-bost",
    ),
    "mobile": (
        "Mobile",
        "Mobile Number",
        "Mobile Phone",
        "Contact Mobile",
        "Main Telephone",
        "Telephone",
        "Ffôn Symudol",
        "Rhif Symudol",
    ),
}

# What a file that names the legal one apart calls the name that a child uses.
USED_NAMES: dict[str, tuple[str, tuple[str, ...]]] = {
    "preferred_forename": ("legal_forename", ("Forename", "First Name", "Given Name")),
    "preferred_surname": ("legal_surname", ("Surname", "Last Name", "Family Name")),
}

# Without these a file is refused: who the child is, who the adult is, and what the school
# knows of the guardianship. A file that says nothing about court orders must not lead to an invitation.
OF_CHILD = ("pupil_ref", "legal_surname", "date_of_birth", "classroom", "year")
OF_ACCESS = ("parental_responsibility", "court_order")
NEEDED: tuple[str, ...] = (
    *OF_CHILD,
    "contact_ref",
    "contact_forename",
    "contact_surname",
    "relationship",
    "priority",
    *OF_ACCESS,
)

CONTACT_FIELDS: tuple[str, ...] = (
    "contact_ref",
    "contact_title",
    "contact_forename",
    "contact_surname",
    "relationship",
    "priority",
    "email",
    "mobile",
)


_FIELD_OF = {bare(spelling): field for field, spellings in SPELLINGS.items() for spelling in spellings}
_PREFERENCE = {bare(s): n for spellings in SPELLINGS.values() for n, s in enumerate(spellings)}


def match(header: list[str], columns: Mapping[str, str] | None = None) -> dict[str, int]:
    """Map each field to its column; the better spelling wins.

    `columns`: bare header → our field, as somebody has said by hand. It comes before every spelling.
    """
    said = {bare(cell): index for index, cell in enumerate(header)}
    found = {
        field: said[title] for title, field in (columns or {}).items() if field in SPELLINGS and title in said
    }
    by_hand = set(found)
    for index, cell in enumerate(header):
        key = bare(cell)
        field = _FIELD_OF.get(key)
        if field is None or field in by_hand or key in (columns or {}):
            continue
        if field not in found or _PREFERENCE[key] < _PREFERENCE[bare(header[found[field]])]:
            found[field] = index
    _find_used_names(header, found, columns or {})
    return found


def _find_used_names(header: Sequence[str], found: dict[str, int], columns: Mapping[str, str]) -> None:
    """Read `Surname` beside `Legal Surname` as the name that the child uses, as SIMS means it.

    Not while an adult's name is missing: then it may be theirs.
    """
    if {"contact_ref", "relationship"} & set(found) and not {"contact_forename", "contact_surname"} <= set(
        found
    ):
        return
    titles = {bare(cell): index for index, cell in reversed(list(enumerate(header)))}
    for used, (legal, plain) in USED_NAMES.items():
        said = bare(header[found[legal]]) if legal in found else ""
        if used in found or not said.startswith(("legal", "pupillegal")):
            continue
        here = [
            titles[bare(title)] for title in plain if bare(title) in titles and bare(title) not in columns
        ]
        if here:
            found[used] = here[0]


def doubled(header: list[str]) -> str:
    """Return the first known header that occurs twice, or ''."""
    seen: set[str] = set()
    for cell in header:
        key = bare(cell)
        if key in _FIELD_OF and key in seen:
            return cell.strip()
        seen.add(key)
    return ""


def missing(found: dict[str, int], needed: Sequence[str] = NEEDED) -> list[str]:
    """Return the first spelling of each needed column that is absent."""
    wanted = [SPELLINGS[field][0] for field in needed if field not in found]
    if "legal_forename" not in found and "preferred_forename" not in found:
        wanted.insert(0, SPELLINGS["legal_forename"][0])
    return wanted


def unread(header: list[str], read: Collection[int]) -> list[str]:
    """Return the columns that are not read.

    `read`: the positions of the others.
    """
    return [cell.strip() for index, cell in enumerate(header) if index not in read and cell.strip()]
