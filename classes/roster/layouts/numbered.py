"""Reshape rows that name one child and several adults in columns of their own. Pure.

`Parent 1 Forename`, `P1 Email`, `Contact 2 Surname`, `Guardian Email 2`, `Mother's Mobile`, `Enw Cyntaf Rhiant 1` and
the like: a word for the adult, a number or none, and what the cell holds, in either order.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from classes.roster.files.plain import bare, plain
from classes.roster.headers import CONTACT_FIELDS, OF_ACCESS

Cells = dict[str, str]
NAME = "contact_name"  # forename and surname in one cell

# What a column of an adult holds; the first spelling is preferred, as in `headers.SPELLINGS`.
_SPELLINGS: dict[str, tuple[str, ...]] = {
    "contact_ref": ("id", "personid", "contactid", "parentid", "guardianid", "externalid", "ref", "reference", "rhif"),
    "contact_title": ("title", "teitl"),
    "contact_forename": ("forename", "firstname", "givenname", "legalforename", "preferredforename", "first",
                         "enwcyntaf", "enwblaen"),
    "contact_surname": ("surname", "lastname", "familyname", "legalsurname", "preferredsurname", "last", "cyfenw"),
    NAME: ("name", "fullname", "combinedname", "enw", "enwllawn"),
    "relationship": ("relationship", "relation", "relationshiptopupil", "relationshiptostudent", "relationshiptochild",
                     "relationshiptype", "perthynas"),
    "priority": ("priority", "order", "blaenoriaeth"),
    "parental_responsibility": ("parentalresponsibility", "hasparentalresponsibility", "pr", "legalguardian",
                                "cyfrifoldebrhiant"),
    "court_order": ("courtorder", "courtorderexists", "gorchymynllys"),
    "email": ("email", "primaryemail", "emailaddress", "mainemail", "personalemail", "homeemail", "defaultemail", "ebost",
              "cyfeiriadebost"),
    "mobile": ("mobile", "mobilenumber", "mobilephone", "mobiletelephone", "cellphone", "phone", "phonenumber",
               "telephone", "telephonenumber", "maintelephone", "tel", "contactnumber", "homephone", "hometelephone",
               "ffonsymudol", "rhifsymudol", "symudol", "ffon", "rhifffon"),
}  # fmt: skip
_FIELD_OF = {spelling: name for name, spellings in _SPELLINGS.items() for spelling in spellings}
_PREFERENCE = {spelling: n for spellings in _SPELLINGS.values() for n, spelling in enumerate(spellings)}
_CONTENTS = "|".join(sorted(map(re.escape, _FIELD_OF), key=len, reverse=True))
_ADULT = (
    "parentcarer|parentguardian|parentorcarer|parentorguardian|carerparent|rhiantgofalwr|parent|contact|guardian|carer|"
    "adult|rhiant|cyswllt|gwarcheidwad|gofalwr|oedolyn"
)
_NUMBER = "0?(?P<number>[1-9]|one|two|three|four|un|dau|a|b)"
_SHORT = "p|pg|pc|priority|blaenoriaeth"  # only with a number: `Priority 1 Email`
_PARENT = "(?P<mother>mothers?|mums?|mams?|fam)|(?P<father>fathers?|dads?|tads?|thad)"
_OF = "(?:of|y|r|yr)?"
_PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?:{_ADULT}|{_SHORT}){_NUMBER}(?:contact|parent|carer)?(?P<content>{_CONTENTS})",
        rf"(?:{_ADULT})(?P<content>{_CONTENTS}){_NUMBER}",
        rf"(?P<content>{_CONTENTS}){_OF}(?:{_ADULT}){_NUMBER}",
        rf"(?:{_PARENT})(?:contact)?(?P<content>{_CONTENTS})",
        rf"(?P<content>{_CONTENTS}){_OF}(?:{_PARENT})",
        rf"(?:{_ADULT})(?P<content>{_CONTENTS})",
    )
)
_NUMBERS = {"one": "1", "un": "1", "a": "1", "two": "2", "dau": "2", "b": "2", "three": "3", "four": "4"}
FIRST, UNNUMBERED = "1", ""
PARENTS = ("mother", "father")
BY_HAND = ("1", "2", "3", "4")  # adults of a child to whom somebody can say that a column belongs
ORDER = ("1", "mother", "2", "father", "3", "4")
OF_AN_ADULT = tuple(_SPELLINGS)


@dataclass(frozen=True)
class AdultColumns:
    """The columns of one adult.

    `key`: a number, mother or father; `columns`: our field → index.
    """

    key: str
    columns: Mapping[str, int]

    @property
    def has_a_name(self) -> bool:
        return not {"contact_forename", "contact_surname", NAME}.isdisjoint(self.columns)


def adult_columns(header: Sequence[str], columns: Mapping[str, str] | None = None) -> list[AdultColumns]:
    """Return the adults whom a row names in numbered columns.

    None in another layout.

    In order. `columns`: bare header → what somebody has said by hand: a field of the child, or `numbered`.
    """
    found: dict[str, dict[str, int]] = {}
    for index, cell in enumerate(header):
        title = bare(cell)
        said = _read(title) if title not in (columns or {}) else None
        if said is None:
            continue
        key, content = said
        here = found.setdefault(key, {})
        name = _FIELD_OF[content]
        if name not in here or _PREFERENCE[content] < _PREFERENCE[_content_of(bare(header[here[name]]))]:
            here[name] = index
    by_number = any(key.isdigit() for key in found)
    _add_by_hand(found, header, columns or {}, by_number=by_number)
    return _adults(found, by_number=by_number)


def numbered(field: str, number: str) -> str:
    """Return what is stored of a column of this adult."""
    return f"{field}@{number}"


def split_numbered(said: str) -> tuple[str, str] | None:
    """Return (field, number) of what `numbered` wrote, or None."""
    field, _at, number = said.partition("@")
    return (field, number) if field in OF_AN_ADULT and number in BY_HAND else None


def _add_by_hand(
    found: dict[str, dict[str, int]], header: Sequence[str], columns: Mapping[str, str], *, by_number: bool
) -> None:
    """Add the columns that somebody gave to an adult.

    They come before every spelling.

    In a file with a mother's columns and no numbers the first adult is the mother, and the second the father.
    """
    titles = [(index, split_numbered(columns.get(bare(cell), ""))) for index, cell in enumerate(header)]
    given = [(index, said) for index, said in titles if said]
    keys = {
        n: parent for n, parent in zip(BY_HAND, PARENTS, strict=False) if parent in found and not by_number
    }
    if given and not keys and UNNUMBERED in found:
        found.setdefault(FIRST, found.pop(UNNUMBERED))
    for index, (field, number) in given:
        found.setdefault(keys.get(number, number), {})[field] = index


def _read(title: str) -> tuple[str, str] | None:
    """Return which adult this header is about, and what it holds."""
    for pattern in _PATTERNS:
        if match := pattern.fullmatch(title):
            groups = match.groupdict()
            number = groups.get("number") or ""
            parent = next((name for name in PARENTS if groups.get(name)), UNNUMBERED)
            return _NUMBERS.get(number, number) or parent, groups["content"]
    return None


def _content_of(title: str) -> str:
    said = _read(title)
    assert said is not None
    return said[1]


def _adults(found: dict[str, dict[str, int]], *, by_number: bool) -> list[AdultColumns]:
    """Return numbered adults, or else mother and father.

    The one without a number is the first.
    """
    numbers = sorted(key for key in found if key.isdigit())
    if numbers and FIRST not in numbers and UNNUMBERED in found:
        found[FIRST], numbers = found[UNNUMBERED], [FIRST, *numbers]
    keys = numbers if by_number else sorted([*PARENTS, *numbers], key=ORDER.index)
    adults = [AdultColumns(key, found[key]) for key in keys if key in found]
    return [adult for adult in adults if adult.has_a_name]


def unsaid(adults: Sequence[AdultColumns], found: Mapping[str, int]) -> tuple[str, ...]:
    """Return the fields about access that not every adult has.

    A court order may stand once for the child.
    """
    for_all = {"court_order"} & set(found)
    return tuple(
        name for name in OF_ACCESS if name not in for_all and any(name not in a.columns for a in adults)
    )


def reshape(
    cells: Sequence[str], header: Sequence[str], found: Mapping[str, int], adults: Sequence[AdultColumns]
) -> Iterator[tuple[Cells, dict[str, str]]]:
    """Yield cells and titles for each adult whom the row names.

    The child alone where it names nobody.
    """
    of_child = {name: index for name, index in found.items() if name not in (*CONTACT_FIELDS, *OF_ACCESS)}
    child, titles = _taken(cells, header, of_child)
    alone = True
    for position, adult in enumerate(adults, 1):
        said, own = _taken(cells, header, _columns_of(adult, found))
        if not any(said.get(name) for name in (*CONTACT_FIELDS, NAME)):
            continue
        alone = False
        _fill(said, own, adult, position)
        yield child | said, titles | own
    if alone:
        yield dict(child), titles


def _columns_of(adult: AdultColumns, found: Mapping[str, int]) -> dict[str, int]:
    return {name: found[name] for name in ("court_order",) if name in found} | dict(adult.columns)


def _taken(
    cells: Sequence[str], header: Sequence[str], columns: Mapping[str, int]
) -> tuple[Cells, dict[str, str]]:
    here = {name: index for name, index in columns.items() if index < len(cells)}
    said = {name: plain(cells[index], name) for name, index in here.items()}
    return said, {name: header[index].strip() for name, index in columns.items()}


def _fill(said: Cells, titles: dict[str, str], adult: AdultColumns, position: int) -> None:
    """Add what the header says instead of a cell.

    The name's parts, relationship, and order.
    """
    if NAME in titles:
        _split_name(said, titles)
    if not said.get("contact_ref"):
        titles.pop("contact_ref", None)
    if adult.key in PARENTS and not said.get("relationship"):
        said["relationship"] = adult.key
        titles["relationship"] = adult.key
    if not said.get("priority"):
        said["priority"] = adult.key if adult.key.isdigit() else str(position)
        titles.setdefault("priority", str(position))


def _split_name(said: Cells, titles: dict[str, str]) -> None:
    """Split `Mali Probert`, `Mrs Mali Probert` or `Probert, Mali` where there are no columns for the parts."""
    whole, title = said.pop(NAME, ""), titles.pop(NAME)
    if said.get("contact_forename") or said.get("contact_surname"):
        return
    surname, comma, forename = (part.strip() for part in whole.partition(","))
    if not comma:
        words = whole.split()
        if len(words) > 1 and words[0].rstrip(".").casefold() in ("mr", "mrs", "ms", "miss", "mx", "dr"):
            said.setdefault("contact_title", words[0])
            titles.setdefault("contact_title", title)
            words = words[1:]
        forename, surname = " ".join(words[:-1]), "".join(words[-1:])
    said |= {"contact_forename": forename, "contact_surname": surname, NAME: whole}
    titles |= {"contact_forename": title, "contact_surname": title, NAME: title}
