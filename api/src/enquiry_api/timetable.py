"""One's own timetable, as JSON and as iCalendar; and secret links for calendars that cannot say who
they are."""

import hashlib
import secrets
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct

from enquiry.method.compiled import invalid
from enquiry.runtime.terms import Asker, Command
from enquiry.runtime.timetable import Engagement
from enquiry_api.answers import NEVER_KEPT, PRIVATE, Answer, encode, tagged
from enquiry_api.asking import Ask, absent, strict
from enquiry_api.edge import Access, Body, Edge, Endpoint, Reply
from enquiry_api.ical import MEDIA, calendar
from enquiry_api.limits import PerPerson
from enquiry_api.params import READING, Param, uuid_of
from enquiry_api.problems import Refused
from enquiry_api.reading import ref
from enquiry_api.words import Words

FEED_MOST, FEED_SECONDS = 60, 3600
"""How often one link may be read (inclusive), and within how many seconds."""
SECRET_BYTES = 32
_HEADERS = ("ETag", "Cache-Control")
_NOT_MODIFIED = Reply(status=304, says="You hold it already.", media=None, headers=("ETag",))


class ShownSlot(Struct, frozen=True, kw_only=True):
    """A time for which you are or were booked: half-open."""

    key: str
    alliance: UUID
    title: str | None
    """What is done. Null where you may no longer see the run."""
    role: str | None
    """The part that you play, by its name in the method."""
    start: datetime
    """In the time of the school where it is held."""
    end: datetime
    zone: str
    """IANA time zone of that school."""
    school: str | None
    room: str | None
    visited: bool
    """It is your own lesson that is visited."""
    status: str
    """``confirmed`` or ``cancelled``."""
    changes: int
    """How often it changed for you after it was first booked."""
    changed_at: datetime
    href: str | None
    """The run."""


class ShownTimetable(Struct, frozen=True):
    """What you are booked for, earliest first; a slot is told of for a year after its end."""

    items: tuple[ShownSlot, ...]


class LinkWanted(Struct, frozen=True, forbid_unknown_fields=True):
    """Where a secret link is to be opened."""

    alliance: UUID


class ShownLink(Struct, frozen=True, kw_only=True):
    """A secret link that stands."""

    id: UUID
    alliance: UUID
    opened_at: datetime
    close: str
    """POST ``{"link": id}`` here to close it for good."""


class ShownLinks(Struct, frozen=True):
    """The secret links to your timetable that stand, oldest first."""

    items: tuple[ShownLink, ...]


class LinkMade(Struct, frozen=True, kw_only=True):
    """A new secret link. It is shown once: what is kept is a digest of it."""

    id: UUID
    alliance: UUID
    href: str
    """Give this to a calendar. Whoever has it can read the timetable."""
    close: str


def slot(found: Engagement, words: Words) -> ShownSlot:
    """A slot in the time of its place, said in these words."""
    zone, it = ZoneInfo(found.zone), found.slot
    return ShownSlot(
        key=it.key,
        alliance=found.alliance,
        title=words.say(found.title, found.method or "") if found.title is not None else None,
        role=found.role,
        start=it.start.astimezone(zone),
        end=it.end.astimezone(zone),
        zone=found.zone,
        school=found.school,
        room=found.room,
        visited=it.visited,
        status="cancelled" if it.cancelled else "confirmed",
        changes=it.changes,
        changed_at=it.changed_at,
        href=f"/v1/runs/{it.run}" if found.open else None,
    )


async def _json(edge: Edge, ask: Ask) -> Answer:
    found = await edge.system.timetables.of(ask.asker, ask.now)
    words = await _words(edge, found, ask)
    return _read(encode(ShownTimetable(tuple(slot(e, words[e.alliance]) for e in found))), ask)


async def _ics(edge: Edge, ask: Ask) -> Answer:
    found = await edge.system.timetables.of(ask.asker, ask.now)
    return await _calendar(edge, found, ask.asker.person, ask)


async def _calendar(edge: Edge, found: Sequence[Engagement], person: UUID, ask: Ask) -> Answer:
    words = await _words(edge, found, ask)
    return _read(calendar(found, person, words), ask, MEDIA)


async def _words(edge: Edge, found: Sequence[Engagement], ask: Ask) -> dict[UUID, Words]:
    """How to speak about what belongs to each alliance; whoever has a link has no school."""
    return {one: await edge.words_within(ask, one) for one in {e.alliance for e in found}}


def _read(body: bytes, ask: Ask, media: bytes | None = None) -> Answer:
    answer = Answer(200, body, PRIVATE, media) if media else Answer(200, body, PRIVATE)
    return tagged(answer, ask.said.get("If-None-Match"))


def _feed(rate: PerPerson) -> Callable[[Edge, Ask], Awaitable[Answer]]:
    async def handle(edge: Edge, ask: Ask) -> Answer:
        try:
            alliance = uuid_of(ask.where["alliance"])
        except ValueError:
            raise absent() from None
        digest = _digest(ask.where["secret"])
        asker, link = await edge.system.timetables.opened(alliance, digest, ask.now)
        # Each link has a bucket of its own, as each person has elsewhere.
        seconds = rate(Asker(link)).retry_after
        if seconds is not None:
            raise Refused("TOO_MANY_REQUESTS", retry_after=seconds)
        found = await edge.system.timetables.of(asker, ask.now, alliance)
        return await _calendar(edge, found, asker.person, ask)

    return handle


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


async def _links(edge: Edge, ask: Ask) -> Answer:
    found = await edge.system.timetables.links(ask.asker, ask.now)
    items = tuple(
        ShownLink(id=one.id, alliance=one.alliance, opened_at=one.opened_at, close=_close(one))
        for one in found
    )
    return _read(encode(ShownLinks(items)), ask)


async def _open(edge: Edge, ask: Ask) -> Answer:
    strict(ask.body)
    try:
        wanted = msgspec.json.decode(ask.body, type=LinkWanted)
    except msgspec.ValidationError as error:
        raise invalid(error) from None
    secret = secrets.token_urlsafe(SECRET_BYTES)
    command = Command(
        asker=ask.asker,
        method="alliance",
        kind="open-timetable-link",
        body=encode({"digest": _digest(secret)}),
        key=str(uuid4()),
        now=ask.now,
        stream=wanted.alliance,
    )
    done = await edge.system.act(command)
    made = LinkMade(
        id=done.act,
        alliance=done.alliance,
        href=f"/v1/timetables/{done.alliance}/{secret}/timetable.ics",
        close=_close(done),
    )
    return Answer(201, encode(made), NEVER_KEPT)


def _close(of: object) -> str:
    alliance: UUID = getattr(of, "alliance")  # noqa: B009 - a link and an outcome both have one
    return f"/v1/alliances/{alliance}/actions/alliance/close-timetable-link"


def _secret_param(name: str, says: str) -> Param:
    schema = {"type": "string", "minLength": 1}
    return Param(name=name, place="path", says=says, schema=schema, read=str, required=True)


def _reply(says: str, name: str | None = None) -> Reply:
    if name is None:
        return Reply(status=200, says=says, media=MEDIA, headers=_HEADERS)
    return Reply(status=200, says=says, schema=ref(name), headers=_HEADERS)


def endpoints() -> tuple[Endpoint, ...]:
    """Every address of timetables."""
    ics = _reply("The timetable (RFC 5545). Titles name the method and your part, nothing else.")
    return (
        _reads("/v1/me/timetable", "read-timetable", _json, _reply("It.", "ShownTimetable")),
        _reads("/v1/me/timetable.ics", "read-timetable-ics", _ics, ics),
        _reads("/v1/me/timetable-links", "list-links", _links, _reply("They.", "ShownLinks")),
        Endpoint(
            verb="POST",
            path="/v1/me/timetable-links",
            name="open-link",
            title="Open a secret link to your timetable, for a calendar",
            tag="you",
            help=(
                "Calendars cannot say who they are, so the link itself is the secret. It opens the"
                " timetable of one alliance, to read only, until you close it or no longer belong."
                f" It may be read {FEED_MOST} times an hour."
            ),
            handle=_open,
            body=Body(schema=ref("LinkWanted"), bytes_max=4096),
            replies=(Reply(status=201, says="The link, this once.", schema=ref("LinkMade")),),
            problems=(404, 409, 422, 503),
        ),
        Endpoint(
            verb="GET",
            path="/v1/timetables/{alliance}/{secret}/timetable.ics",
            name="read-timetable-by-link",
            title="A timetable, for whoever has its secret link",
            tag="you",
            handle=_feed(PerPerson(FEED_MOST, FEED_SECONDS)),
            access=Access.LINK,
            params=(
                _secret_param("alliance", "Where the link was opened."),
                _secret_param("secret", "The secret."),
                READING[0],
            ),
            replies=(ics, _NOT_MODIFIED),
            problems=(404, 503),
        ),
    )


_TITLES = {
    "read-timetable": "What you are booked for, over every run and school",
    "read-timetable-ics": "The same as iCalendar",
    "list-links": "The secret links to your timetable",
}


def _reads(
    path: str, name: str, handle: Callable[[Edge, Ask], Awaitable[Answer]], reply: Reply
) -> Endpoint:
    return Endpoint(
        verb="GET",
        path=path,
        name=name,
        title=_TITLES[name],
        tag="you",
        handle=handle,
        params=READING,
        replies=(reply, _NOT_MODIFIED),
        problems=(503,),
    )
