"""Reads a downloaded PDF as a telephone's camera and a parent's eyes would."""

from dataclasses import dataclass
from pathlib import Path

import pypdfium2
import zxingcpp


@dataclass
class Sheet:
    words: str
    addresses: list[str]


def sheets(path: Path) -> list[Sheet]:
    """Each page's words and the addresses of the QR codes on it, in reading order."""
    document = pypdfium2.PdfDocument(path)
    found = []
    for page in document:
        picture = page.render(scale=3).to_pil()
        codes = sorted(
            zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormat.QRCode),
            key=lambda code: (code.position.top_left.y, code.position.top_left.x),
        )
        words = " ".join(page.get_textpage().get_text_range().split())
        found.append(Sheet(words, [code.text for code in codes]))
    return found
