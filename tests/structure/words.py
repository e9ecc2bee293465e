"""Check texts and translations; each function returns what is wrong."""

import ast
import re
from collections import Counter
from collections.abc import Iterable

from babel.messages.catalog import Catalog, Message

SIX_FORMS = "nplurals=6; plural=(n==0)?0:(n==1)?1:(n==2)?2:(n==3)?3:(n==6)?4:5;"
PLACE = re.compile(r"%\(\w+\)[a-z]|%[a-z]|(?<!\{)\{\w*\}")
# Django's filters that produce English whatever the language of the page.
ENGLISH_FILTERS = re.compile(r"\|\s*(timesince|timeuntil|naturaltime|naturalday|ordinal|intword|apnumber)\b")
UNKIND = re.compile(
    r"\b(submit\w*|invalid|users?|content|failed|illegal|forbidden|oops|notification settings)\b", re.I
)
THE_GUIDELINES = "Web Content Accessibility Guidelines"

# Words that both languages share, and names.
MAY_STAND_BARE = {"Cymraeg", "English", "INSPIRE", "PIN"}

COMMENTS = re.compile(r"\{#.*?#\}|\{%\s*comment\b.*?\{%\s*endcomment\s*%\}|<!--.*?-->", re.S)
TRANSLATED = re.compile(
    r"\{%\s*blocktrans(?:late)?\b.*?\{%\s*endblocktrans(?:late)?\s*%\}|\{%\s*trans(?:late)?\b.*?%\}", re.S
)
# A CSS class that the page fills in.
CLASS_BLOCK = re.compile(r"\{%\s*block \w*class\s*%\}.*?\{%\s*endblock[^%]*%\}", re.S)
TEMPLATE = re.compile(r"\{%.*?%\}|\{\{.*?\}\}", re.S)
NOT_READ = re.compile(r"<(script|style)\b.*?</\1>", re.S | re.I)
READ_ALOUD = re.compile(r"\s(?:aria-label|aria-description|alt|title|placeholder)=(\"[^\"]*\"|'[^']*')", re.I)
BUTTON_WORDS = re.compile(r"<input\b[^>]*type=\"(?:button|submit)\"[^>]*\svalue=(\"[^\"]*\")", re.I)
WORD = re.compile(r"[^\W\d_]{2,}")
BARE_ARGUMENT = re.compile(r"\b(?:label|hint|title|words)=(?:\"([^\"]*)\"|'([^']*)')")
BARE_DEFAULT = re.compile(r"\|\s*default(?:_if_none)?:(?:\"([^\"]*)\"|'([^']*)')")

SAYS_LABEL = {"label", "help_text", "verbose_name", "verbose_name_plural", "empty_label", "description"}
MESSAGES = {"success", "info", "warning", "error"}


def places(sentence: str) -> Counter:
    return Counter(PLACE.findall(sentence.replace("%%", "")))


def forms(message: Message) -> tuple[str, ...]:
    return message.string if isinstance(message.string, tuple) else (message.string,)


def _same_places(wanted: Counter, found: Counter, may_say_in_words: bool) -> bool:
    """Return whether the placeholders match; a form for none or one may leave a named number out."""
    left_out = wanted - found
    named = all(place.startswith("%(") for place in left_out)
    return not found - wanted and (not left_out or (may_say_in_words and named and left_out.total() == 1))


def translation_faults(message: Message) -> list[str]:
    """Return the faults of one entry: fuzzy, empty forms, other placeholders than the English."""
    faults = ["fuzzy"] if message.fuzzy else []
    wanted = 6 if isinstance(message.id, tuple) else 1
    if len(forms(message)) != wanted or not all(form and form.strip() for form in forms(message)):
        return [*faults, "not translated"]
    wanted_places = places(message.id[-1] if wanted == 6 else message.id)
    for index, form in enumerate(forms(message)):
        if not _same_places(wanted_places, places(form), may_say_in_words=wanted == 6 and index < 2):
            faults.append(f"other places in {form!r}")
    return faults


def catalogue_faults(marked: Catalog, translated: Catalog) -> dict[str, list[str]]:
    """Return the marked sentences that `translated` lacks or has wrong."""
    found = {}
    for message in marked:
        if message.id:
            other = translated.get(message.id, message.context)
            same = other is not None and other.id == message.id
            faults = translation_faults(other) if same else ["missing"]
            found |= {str(message.id): faults} if faults else {}
    return found


def unkind(sentences: Iterable[str]) -> list[str]:
    """Return the sentences with technical or unfriendly words."""
    return [said for said in sentences if UNKIND.search(PLACE.sub("", said).replace(THE_GUIDELINES, ""))]


def bare_words(template: str) -> list[str]:
    """Return the words of a template, read attributes included, that are not marked for translation."""
    text = CLASS_BLOCK.sub("", TRANSLATED.sub("", COMMENTS.sub("", template)))
    said = ["".join(pair) for rule in (BARE_ARGUMENT, BARE_DEFAULT) for tag in TEMPLATE.findall(text)
            if not re.match(r"\{%\s*(?:url|static|cycle|load)\b", tag) for pair in rule.findall(tag)]  # fmt: skip
    text = NOT_READ.sub("", TEMPLATE.sub("", text))
    said += READ_ALOUD.findall(text) + BUTTON_WORDS.findall(text) + [re.sub(r"<[^>]*>", " ", text)]
    text = re.sub(r"&\w+;", " ", " ".join(said))
    return [word for word in WORD.findall(text) if word not in MAY_STAND_BARE]


def refusals(sources: Iterable[str]) -> set[str]:
    """Return the names of the errors that carry a sentence to the user, in all `sources`."""
    names = {"RuleViolation", "ValidationError"}
    for source in sources:
        names |= set(re.findall(r"^class (\w+)\((?:RuleViolation)\)", source, re.M))
    return names


def _is_bare(node: ast.expr | None) -> bool:
    if isinstance(node, ast.BinOp):
        return _is_bare(node.left)
    if isinstance(node, ast.JoinedStr):
        return any(_is_bare(part) for part in node.values)
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and bool(WORD.search(node.value))


def _said_in_call(node: ast.Call, speakers: set[str]) -> list[ast.expr]:
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    owner = getattr(getattr(node.func, "value", None), "id", "")
    said = [word.value for word in node.keywords if word.arg in SAYS_LABEL]
    if name in speakers:
        said += node.args[:1]
    elif (owner == "messages" and name in MESSAGES) or name == "message_user":
        said += node.args[1:2]
    elif name == "NotificationText":
        said += node.args[:2] + [word.value for word in node.keywords if word.arg in {"title", "body"}]
    elif name == "add_error":
        said += node.args[1:2]
    return said


def bare_sentences(source: str, speakers: set[str]) -> list[int]:
    """Return the lines on which code shows a user a text that is not marked for translation."""
    found = []
    for node in ast.walk(ast.parse(source)):
        said: list[ast.expr | None] = []
        if isinstance(node, ast.Call):
            said = [*_said_in_call(node, speakers)]
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names = {getattr(target, "id", getattr(target, "attr", "")) for target in targets}
            said = [node.value] if names & {"sentence", "short_description", *SAYS_LABEL} else []
        found += [node.lineno for words in said if _is_bare(words)]
    return found
