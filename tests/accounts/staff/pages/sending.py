"""Send the pages' forms as a browser does."""

from django.test import Client

from accounts.models.people import StaffMember

NEW = {"title": "Mrs", "forename": "Rhian", "surname": "Tatum", "job": "Teacher"}


def page_of(row: StaffMember, more: str = "") -> str:
    return f"/staff/{row.pk}/{more}"


def fields_of(page) -> dict[str, object]:
    """Return what a browser would send back from the page's form."""
    found: dict[str, object] = {}
    for bound in page.context["form"]:
        value = bound.value()
        if value not in (None, False):
            found[bound.html_name] = bound.field.prepare_value(value)
        if bound.field.show_hidden_initial:
            found[bound.html_initial_name] = "" if value is None else str(value)
    return found


def send(browser: Client, path: str, **said):
    """Open a page, change these fields and send it; None unticks a box."""
    answers = {**fields_of(browser.get(path)), **said}
    return browser.post(path, {name: value for name, value in answers.items() if value is not None})


def refusals(page) -> list[str]:
    """Return the sentences above the page's form."""
    return list(page.context["form"].non_field_errors())


def words(page) -> str:
    return page.content.decode()
