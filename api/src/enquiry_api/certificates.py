"""Certificates of participation: as JSON, as a page to print, and one's own over every run."""

from collections.abc import Awaitable, Callable
from datetime import date, datetime
from html import escape
from typing import Any
from uuid import UUID

from babel.dates import format_date
from msgspec import Struct

from enquiry.runtime.certificates import Certificate
from enquiry_api.answers import HTML, PRIVATE, Answer, encode, tagged
from enquiry_api.asking import Ask, absent
from enquiry_api.edge import Edge, Endpoint, Reply
from enquiry_api.labels import PAGES
from enquiry_api.pages import POLICY, page
from enquiry_api.params import READING, STREAM, Param, uuid_of
from enquiry_api.reading import ref, stream_of
from enquiry_api.words import PLAIN, Words

STATEMENT = PAGES["page.certificate.statement"]
MINUTES_IN_HOUR = 60
_LOCALES = {"en": "en_GB"}
"""How dates are written where the language alone does not say it as schools do."""
_HEADERS = ("ETag", "Cache-Control")
_NOT_MODIFIED = Reply(status=304, says="You hold it already.", media=None, headers=("ETag",))
_CERTIFICATE = Param(
    name="certificate",
    place="path",
    says="Id of the certificate: of the fact that issued it.",
    schema={"type": "string", "format": "uuid"},
    read=uuid_of,
    required=True,
)


class ShownCertificate(Struct, frozen=True, kw_only=True):
    """That somebody took part."""

    id: UUID
    run: UUID
    alliance: UUID
    person: UUID
    name: Any
    """What they are called; a placeholder where they were erased."""
    method: str
    version: int
    title: str
    """Of the method."""
    school: str | None
    dates: tuple[date, ...]
    minutes: int
    hours: float
    """The same in hours, to two decimals."""
    criteria: tuple[str, ...]
    """What the method asks for, all of it met."""
    statement: str
    issued_at: datetime
    href: str
    page: str
    """The same to print."""


class ShownCertificates(Struct, frozen=True):
    """Your own certificates, the newest of each run, oldest first."""

    items: tuple[ShownCertificate, ...]


def shown(found: Certificate, words: Words = PLAIN) -> ShownCertificate:
    """A certificate with its addresses, said in these words."""
    here = f"/v1/runs/{found.run}/certificates/{found.id}"
    return ShownCertificate(
        id=found.id,
        run=found.run,
        alliance=found.alliance,
        person=found.person,
        name=found.name,
        method=found.method,
        version=found.version,
        title=words.say(found.title, found.method),
        school=found.school,
        dates=found.dates,
        minutes=found.minutes,
        hours=round(found.minutes / MINUTES_IN_HOUR, 2),
        criteria=tuple(words.say(one, found.method) for one in found.criteria),
        statement=words.say(STATEMENT),
        issued_at=found.issued_at,
        href=here,
        page=f"{here}/page",
    )


def printed(found: Certificate, words: Words = PLAIN) -> bytes:
    """A certificate as a page to print: headings, a list of terms, no colour that means anything.

    Everything on it is text, so that it can be read aloud and searched.
    """
    said, title = shown(found, words), words.say(PAGES["page.certificate"])
    erased = words.say(PAGES["page.certificate.erased"])
    hours, minutes = divmod(found.minutes, MINUTES_IN_HOUR)
    terms = {
        "method": (said.title,),
        "school": (found.school,) if found.school is not None else (),
        "dates": tuple(_day(day, words) for day in found.dates),
        "time": (f"{hours} h {minutes} min",),
        "criteria": said.criteria,
        "issued": (_day(found.issued_at.date(), words),),
    }
    listed = "".join(
        f"<dt>{escape(words.say(PAGES[f'page.certificate.{term}']))}</dt>"
        + "".join(f"<dd>{escape(value)}</dd>" for value in values)
        for term, values in terms.items()
        if values
    )
    name = found.name if isinstance(found.name, str) else erased
    body = (
        f'<h1>{escape(title)}</h1><p class="name">{escape(name)}</p>'
        f"<dl>{listed}</dl><p>{escape(said.statement)}</p>"
        f'<p class="id">Id: <code>{found.id}</code></p>'
    )
    return page(title, body, words.lang)


def _day(day: date, words: Words) -> str:
    return format_date(day, format="long", locale=_LOCALES.get(words.lang, words.lang))


async def _own(edge: Edge, ask: Ask) -> Answer:
    found = await edge.system.certificates.own(ask.asker)
    words = {one: await edge.words_within(ask, one) for one in {c.alliance for c in found}}
    said = ShownCertificates(tuple(shown(one, words[one.alliance]) for one in found))
    answer = Answer(200, encode(said), PRIVATE)
    return tagged(answer, ask.said.get("If-None-Match"))


async def _found(edge: Edge, ask: Ask) -> Certificate:
    try:
        id_ = uuid_of(ask.where["certificate"])
    except ValueError:
        raise absent() from None
    return await edge.system.certificates.one(ask.asker, stream_of(ask), id_, ask.now)


async def _one(edge: Edge, ask: Ask) -> Answer:
    found = await _found(edge, ask)
    said = shown(found, await edge.words_within(ask, found.alliance))
    answer = Answer(200, encode(said), PRIVATE)
    return tagged(answer, ask.said.get("If-None-Match"))


async def _page(edge: Edge, ask: Ask) -> Answer:
    found = await _found(edge, ask)
    said = printed(found, await edge.words_within(ask, found.alliance))
    answer = Answer(200, said, (*PRIVATE, POLICY), HTML)
    return tagged(answer, ask.said.get("If-None-Match"))


def endpoints() -> tuple[Endpoint, ...]:
    """Every address of certificates."""
    one = "/v1/runs/{id}/certificates/{certificate}"
    as_page = Reply(status=200, says="The page.", media=HTML, headers=_HEADERS)
    return (
        _reads("/v1/me/certificates", "list-certificates", _own, _json("ShownCertificates")),
        _reads(one, "read-certificate", _one, _json("ShownCertificate")),
        _reads(f"{one}/page", "print-certificate", _page, as_page),
    )


_TITLES = {
    "list-certificates": "Your certificates, over every run",
    "read-certificate": "A certificate: that somebody took part",
    "print-certificate": "The same, as a page to print",
}


def _reads(
    path: str, name: str, handle: Callable[[Edge, Ask], Awaitable[Answer]], reply: Reply
) -> Endpoint:
    of_run = "{id}" in path
    return Endpoint(
        verb="GET",
        path=path,
        name=name,
        title=_TITLES[name],
        tag="runs" if of_run else "you",
        handle=handle,
        params=(STREAM, _CERTIFICATE, *READING) if of_run else READING,
        replies=(reply, _NOT_MODIFIED),
        problems=(404, 503) if of_run else (503,),
    )


def _json(name: str) -> Reply:
    return Reply(status=200, says="Here it is.", schema=ref(name), headers=_HEADERS)
