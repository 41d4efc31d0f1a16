"""Pages for people: no script, nothing from elsewhere, usable by keyboard, to read and to print."""

from html import escape

POLICY = (
    b"content-security-policy",
    b"default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none';"
    b" frame-ancestors 'none'",
)
"""The header that holds a browser to it."""
_STYLE = """
:root { color-scheme: light dark; }
body { font: 1.1rem/1.5 system-ui, sans-serif; max-width: 45rem; margin: 0 auto; padding: 1rem; }
a:focus-visible { outline: 3px solid; outline-offset: 2px; }
.name { font-size: 1.6rem; } .id { font-size: .85rem; }
dt { font-weight: 700; margin-top: .6rem; } dd { margin: 0; }
article { border-top: 1px solid; }
code { overflow-wrap: anywhere; }
@media print { body { max-width: none; padding: 0; } article { break-inside: avoid; } }
"""


def page(title: str, body: str, lang: str = "en") -> bytes:
    """A whole page in UTF-8.

    Args:
        title: as text.
        body: what stands in its main part, as HTML that is escaped already.
        lang: BCP 47 tag of its words, for whatever reads it aloud.
    """
    return (
        f'<!doctype html>\n<html lang="{escape(lang)}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head>"
        f"<body><main>{body}</main></body></html>\n"
    ).encode()
