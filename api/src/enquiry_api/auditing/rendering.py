"""From values to pages: templates that escape whatever they are given; the headers of a page."""

from importlib import resources
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from enquiry_api.answers import HTML, NEVER_KEPT, Answer, Header
from enquiry_api.auditing.telling import brief, day_and_time, short
from enquiry_api.problems import Refusal

HOME = "/audit"
"""Where the page begins; its cookie is sent to no other address."""
HEADERS: tuple[Header, ...] = (
    *NEVER_KEPT,
    (
        b"content-security-policy",
        b"default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self';"
        b" connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    ),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"vary", b"Authorization, Cookie"),
)
"""Nothing inline, nothing from elsewhere, kept by no cache, framed by nobody."""


def _environment() -> Environment:
    made = Environment(
        loader=PackageLoader("enquiry_api.auditing"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.filters |= {"when": day_and_time, "short": short, "brief": brief}
    return made


_TEMPLATES = _environment()


def page(template: str, status: int = 200, more: tuple[Header, ...] = (), **values: Any) -> Answer:
    """A page.

    Args:
        template: its name, without ``.html``.
        status: HTTP status.
        more: headers besides those of every page.
        values: what the template shows; ``session`` is what its forms bring along, empty where
            nobody is signed in.
    """
    values = {"session": "", "home": HOME, **values}
    body = _TEMPLATES.get_template(f"{template}.html").render(values)
    return Answer(status, body.encode(), (*HEADERS, *more), HTML)


def refusal(told: Refusal) -> Answer:
    """A refusal as a page; for whoever is not signed in, with the form to do so."""
    unknown = told.status == 401
    problem = told.problem
    more = tuple((name, value) for name, value in told.headers if name != b"content-type")
    if unknown:
        return page("sign_in", 401, more, said="", back=problem.instance)
    return page("refusal", told.status, more, problem=problem)


def asset(package: str, name: str) -> bytes:
    """A file that stands beside the code of a package."""
    return resources.files(package).joinpath(name).read_bytes()
