"""Signing in and out: a form takes a token and keeps it in a cookie that scripts cannot read.

The cookie goes back to this server's page alone (its path, ``SameSite=Strict``), and only a form
that this server wrote can post anything with it.
"""

import hmac
import re
from email.utils import formatdate
from urllib.parse import parse_qsl

from enquiry.method.rules import Reject
from enquiry_api import purposes
from enquiry_api.answers import HTML, Answer
from enquiry_api.asking import Ask
from enquiry_api.auditing.addresses import ORIGIN, SITE, made, posted
from enquiry_api.auditing.rendering import HEADERS, HOME, page
from enquiry_api.edge import Access, Body, Edge, Endpoint, Reply
from enquiry_api.problems import Refused
from enquiry_api.serving import COOKIE

FORM = "application/x-www-form-urlencoded"
FORM_BYTES_MAX = 8192
"""Inclusive."""
TOKEN_BYTES_MAX = 3800
"""Inclusive: browsers keep cookies of up to 4096 bytes, with their names and settings."""
_HOW = ((b"www-authenticate", b"Bearer"),)
_TOKEN = re.compile(r"[A-Za-z0-9._~+/=-]+")
_BACK = re.compile(rf"{HOME}(/[a-z0-9-]+)*")


def fields(ask: Ask) -> dict[str, str]:
    """What a form of ours says, by name.

    Raises:
        Refused: ``QUERY_INVALID``: it cannot be read.
        Reject: ``NOT_PERMITTED``: it comes from another site.
    """
    if ask.said.get(SITE.name, "same-origin") not in ("same-origin", "none"):
        raise Reject("NOT_PERMITTED", "This form was sent from another site.")
    try:
        text = ask.body.decode("utf-8")
        pairs = parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=20)
    except ValueError:
        raise Refused("QUERY_INVALID", "The form cannot be read.") from None
    return dict(pairs)


def own(ask: Ask) -> dict[str, str]:
    """What a form of this very session says, by name.

    Raises:
        Reject: ``NOT_PERMITTED``: the form is not of this session.
        Refused: ``QUERY_INVALID``: it cannot be read.
    """
    said = fields(ask)
    if not hmac.compare_digest(said.get("session", "").encode(), ask.session.encode()):
        raise Reject("NOT_PERMITTED", "This form is not of your session. Open the page again.")
    return said


def _moved(to: str, cookie: str) -> Answer:
    headers = ((b"location", to.encode()), (b"set-cookie", cookie.encode()))
    return Answer(303, b"", (*HEADERS, *headers))


def _cookie(value: str, lasts: str, origin: str) -> str:
    secure = "; Secure" if origin.startswith("https://") else ""
    return f"{COOKIE}={value}; Path={HOME}; {lasts}; HttpOnly; SameSite=Strict{secure}"


async def _sign_in(edge: Edge, ask: Ask) -> Answer:
    said = fields(ask)
    token, back = said.get("token", "").strip(), said.get("back", "")
    back = back if _BACK.fullmatch(back) else HOME
    if len(token) > TOKEN_BYTES_MAX:
        return page("sign_in", 401, _HOW, said="This token is too long for a cookie.", back=back)
    try:
        caller = await edge.identity.identify(token if _TOKEN.fullmatch(token) else "")
        purposes.check(purposes.declared(None, caller.purpose))
    except (Refused, Reject):
        said_so = "This token is not known, or no longer valid."
        return page("sign_in", 401, _HOW, said=said_so, back=back)
    lasts = f"Expires={formatdate(caller.expires, usegmt=True)}"
    return _moved(back, _cookie(token, lasts, ask.said.get(ORIGIN.name, "")))


async def _sign_out(edge: Edge, ask: Ask) -> Answer:
    del edge
    own(ask)
    return _moved(HOME, _cookie("", "Max-Age=0", ask.said.get(ORIGIN.name, "")))


async def _sign_in_page(edge: Edge, ask: Ask) -> Answer:
    del edge, ask
    return page("sign_in", said="", back=HOME)


def endpoints() -> tuple[Endpoint, ...]:
    """The addresses of signing in and out."""
    form = Body(schema={"type": "object"}, bytes_max=FORM_BYTES_MAX, media=FORM)
    moved = Reply(status=303, says="On to the page.", media=None)
    shown = Reply(status=200, says="The form.", media=HTML)
    return (
        made("/sign-in", "show-audit-sign-in", "Sign in", _sign_in_page, shown, Access.OPEN),
        posted("/session", "begin-audit", "Sign in", _sign_in, moved, form, Access.OPEN),
        posted("/session/end", "end-audit", "Sign out", _sign_out, moved, form),
    )
