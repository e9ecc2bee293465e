"""Recognise enquiries about an allergy, in both languages: families mix them."""

from messaging.screening.phrases import phrase_in

TERMS = (
    *("allergy", "allergies", "allergic", "allergen", "allergens"),
    *("anaphylaxis", "anaphylactic", "anaphylatic"),
    *("epipen", "epipens", "epi pen", "epi pens", "jext", "emerade", "adrenaline", "adrenalin"),
    *("auto injector", "auto injectors", "autoinjector", "autoinjectors"),
    *("alergedd", "alergeddau", "halergedd", "halergeddau", "alergenau"),
    *("alergaidd", "alergedig", "halergaidd", "alergol", "alergen"),
    *("anaffylacsis", "anaffylactig", "anaffylacs", "sioc anaffylactig", "awtochwistrellydd"),
)


def names_allergy(*texts: str) -> bool:
    """Tell whether any of these texts speaks of an allergy."""
    return any(phrase_in(text, TERMS) for text in texts)
