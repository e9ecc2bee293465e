"""Tell which letters of names the PDFs cannot print."""

from classes.pdf.text import composed, is_plain


def unprintable(*texts: str) -> list[str]:
    """Return what of these texts no font has, each once, in order.

    Fonts are opened only for names beyond plain Latin.
    """
    wanted = [text for text in map(composed, texts) if not is_plain(text)]
    if not wanted:
        return []
    from classes.pdf.fonts import missing  # imported late: it takes a third of what a process needs to start

    return missing("\n".join(wanted))
