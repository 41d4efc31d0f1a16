"""A report on paper: PDF with a structure that can be read aloud, and the same for the same input.

Typst sets it, with the fonts that it brings: nothing of the machine is looked at.
"""

import re
from functools import cache
from importlib.resources import files

import msgspec
import typst

from enquiry_api.reported import Document, shown

PDF = b"application/pdf"
_DESC = re.compile(r"<desc>(.*?)</desc>", re.DOTALL)


@cache
def _template() -> bytes:
    return (files("enquiry_api") / "report.typ").read_bytes()


def as_pdf(told: Document, lang: str = "en") -> bytes:
    """Set a document. It takes some tens of milliseconds: not to be done where others wait."""
    value = {
        "lang": lang.partition("-")[0],
        "title": told.title,
        "facts": told.facts,
        "marks": told.marks,
        "parts": [
            {
                "title": part.title,
                "words": part.words,
                "picture": part.picture,
                "alt": _alt(part.picture),
                "tables": [
                    {
                        "title": table.title,
                        "columns": table.columns,
                        "rows": [[shown(cell) for cell in row] for row in table.rows],
                    }
                    for table in part.tables
                ],
            }
            for part in told.parts
        ],
    }
    said = msgspec.json.encode(value).decode()
    return typst.compile(
        _template(), sys_inputs={"told": said}, ignore_system_fonts=True, timestamp=0
    )


def _alt(picture: str | None) -> str:
    """What a picture says in words."""
    found = _DESC.search(picture or "")
    return found[1] if found else ""
