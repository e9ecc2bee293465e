"""Notice where our PDF reader had to guess.

Another reader may guess otherwise, and see what ours did not. pypdf says so in its log only;
tests/lib/uploads/test_pdf_contents.py fails when its wording changes.
"""

import logging

READER = "pypdf.generic._data_structures"
# Keys that careless programs write twice; neither value can act.
CARELESS = {
    "/Type", "/Rotate", "/MediaBox", "/CropBox", "/TrimBox", "/BleedBox", "/ArtBox", "/Length", "/Filter", "/Title",
    "/Author", "/Subject", "/Keywords", "/Producer", "/Creator", "/CreationDate", "/ModDate", "/Lang", "/PageMode",
    "/PageLayout", "/Version", "/Rect", "/Border", "/C", "/Contents", "/Parent", "/P", "/Width", "/Height",
    "/BaseFont", "/Encoding", "/Name", "/ProcSet", "/Tabs", "/StructParents", "/Metadata", "/ID",
}  # fmt: skip


class Guesses(logging.Handler):
    """Record while entered whether the reader guessed at a dictionary."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.made = False

    def emit(self, record: logging.LogRecord) -> None:
        said = record.args if isinstance(record.args, dict) else {}
        self.made = self.made or said.get("key") not in CARELESS

    def __enter__(self) -> "Guesses":
        logging.getLogger(READER).addHandler(self)
        return self

    def __exit__(self, *error: object) -> None:
        logging.getLogger(READER).removeHandler(self)
