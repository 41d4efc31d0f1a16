"""Taking one's own records along: made whole, checked again, put on record, then sent in pieces."""

from collections.abc import Awaitable, Callable
from tempfile import SpooledTemporaryFile
from typing import IO
from uuid import uuid4

from litestar.response.base import ASGIResponse
from litestar.types import Receive, Scope, Send

from enquiry.runtime.certificates import Certificate
from enquiry.runtime.records import Taken
from enquiry.runtime.terms import Command
from enquiry_api.answers import NEVER_KEPT, Answer, Header, encode
from enquiry_api.asking import Ask
from enquiry_api.bundle import MEDIA, write
from enquiry_api.edge import Edge, Endpoint, Reply
from enquiry_api.limits import PerPerson
from enquiry_api.params import MIN_POSITION, POSITION_MAX, PREFER, Param, whole
from enquiry_api.problems import RETRY_SECONDS, Refused

MOST, WINDOW_SECONDS = 12, 3600
"""How often one person may take their records (inclusive), and within how many seconds."""
TRIES = 3
"""How often it is made afresh because something was withdrawn meanwhile, inclusive."""
PIECE_BYTES = 65_536
IN_MEMORY_BYTES = 4_194_304
"""A larger bundle waits in a file without a name until it is sent."""
_NAME = b'attachment; filename="enquiry-records.zip"'
_UPTO = Param(
    name="at",
    place="query",
    says="Only what was recorded up to this position, as you may see it today.",
    schema={"type": "integer", "minimum": 0, "maximum": POSITION_MAX},
    read=whole(0, POSITION_MAX),
)

Stands = Callable[[], Awaitable[bool]]


class Download(ASGIResponse):
    """A bundle on its way. It is cut off as soon as something in it was withdrawn."""

    __slots__ = ("_cut", "_file", "_size", "_stands")

    def __init__(self, file: IO[bytes], stands: Stands, cut: Callable[[], None]) -> None:
        """Send it and close it; ``stands`` is asked before each piece, ``cut`` told of an end."""
        super().__init__(status_code=200)
        self._file = file
        self._size = file.seek(0, 2)
        self._stands = stands
        self._cut = cut

    def discard(self) -> None:
        """Close it unsent: it could not be put on record."""
        self._file.close()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it piece by piece; one that is cut off is shorter than it said it would be."""
        del scope, receive
        headers: list[Header] = [
            *NEVER_KEPT,
            (b"content-type", MEDIA),
            (b"content-length", b"%d" % self._size),
            (b"content-disposition", _NAME),
            (b"x-content-type-options", b"nosniff"),
        ]
        with self._file:
            self._file.seek(0)
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            while piece := self._file.read(PIECE_BYTES):
                if not await self._stands():
                    self._cut()
                    return
                await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})


def _takes(rate: PerPerson) -> Callable[[Edge, Ask], Awaitable[Answer | ASGIResponse]]:
    async def handle(edge: Edge, ask: Ask) -> Answer | ASGIResponse:
        if ask.verb == "HEAD":
            return Answer(200, b"", NEVER_KEPT, MEDIA)
        seconds = rate(ask.asker).retry_after
        if seconds is not None:
            raise Refused("TOO_MANY_REQUESTS", retry_after=seconds)
        for _ in range(TRIES):
            taken = await edge.system.records.take(ask.asker, ask.now, ask.said.get("at"))
            certificates = await _certificates(edge, ask, taken)
            file = SpooledTemporaryFile(IN_MEMORY_BYTES)  # noqa: SIM115 - closed when it was sent
            files = write(file, ask.asker.person, taken, certificates)
            if await edge.system.records.stands(ask.asker, taken, ask.now):
                return await _noted(edge, ask, taken, file, files)
            file.close()
        raise Refused("UNAVAILABLE", retry_after=RETRY_SECONDS)

    return handle


async def _certificates(edge: Edge, ask: Ask, taken: Taken) -> list[Certificate]:
    found = await edge.system.certificates.own(ask.asker)
    return [one for one in found if one.position <= taken.position]


async def _noted(edge: Edge, ask: Ask, taken: Taken, file: IO[bytes], files: int) -> ASGIResponse:
    """Put on record that it was taken, before the first piece goes out."""
    for alliance in taken.alliances:
        command = Command(
            asker=ask.asker,
            method="alliance",
            kind="note-records-taken",
            body=encode({"at_position": max(1, taken.position), "files": files}),
            key=str(uuid4()),
            now=ask.now,
            stream=alliance,
        )
        done = await edge.system.act(command)
        taken = taken.noted(alliance, done.revision)

    async def stands() -> bool:
        return await edge.system.records.stands(ask.asker, taken, ask.now)

    def cut() -> None:
        edge.log.info("export cut off", trace_id=ask.trace_id)

    return Download(file, stands, cut)


def endpoints() -> tuple[Endpoint, ...]:
    """The address of one's own records."""
    return (
        Endpoint(
            verb="GET",
            path="/v1/me/records",
            name="take-records",
            watched="records",
            budget="exports",
            title="Everything you wrote and may still see, to take along",
            tag="you",
            help=(
                "A bag (RFC 8493) in a zip: JSON with its schema, a page to read, certificates."
                " Nothing that was withdrawn or erased, and nothing about others. That you took it"
                " is on record in each of your alliances, where only you read it."
            ),
            handle=_takes(PerPerson(MOST, WINDOW_SECONDS)),
            params=(_UPTO, MIN_POSITION, PREFER),
            replies=(Reply(status=200, says="The bag.", media=MEDIA, headers=("Cache-Control",)),),
            problems=(409, 503),
        ),
    )
