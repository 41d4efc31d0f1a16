"""The JetStream stream that holds a reference to each event, under the number of its position."""

import asyncio
import re
from collections.abc import Sequence
from secrets import token_hex
from uuid import UUID

import msgspec
import structlog
from msgspec import Struct
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.js import JetStreamContext
from nats.js.api import DiscardPolicy, StorageType, StreamConfig
from nats.js.errors import APIError, NotFoundError

from enquiry.runtime.feed.reference import (
    Reference,
    decoded,
    encoded,
    subject_of,
    subjects_of,
)
from enquiry.runtime.feed.session import Taken

_log = structlog.get_logger()

AGE_SECONDS_MAX = 7 * 24 * 3600
BYTES_MAX = 256 * 1024 * 1024
"""About a million references. The oldest go first."""
ANSWER_SECONDS = 5.0
ACK_SECONDS = 2.0
"""For a whole window. One that was slower is looked at again, which does no harm."""
SETTLE_SECONDS = 0.25
"""After which two streams that were made at the same moment are both to be seen."""
NAMES = "$JS.API.STREAM.NAMES"
WRONG_LAST_SEQUENCE = 10071
WRONG_STREAM = 10060
SUBJECTS_OVERLAP = 10065
EPOCH_BYTES = 6
NOT_OURS = UUID(int=0)
"""Stands for the event of a message that is no reference."""
_NAME = re.compile(r"ENQUIRY_[0-9a-f]{32}_([0-9a-f]{12})")


class Found(Struct, frozen=True):
    """The stream as it stands."""

    epoch: str
    """Names this stream among those that the log has had; see ``Mirror.begin``."""
    last: int
    """Position of the last reference that it has taken; 0 for none."""
    event: UUID | None
    """Id of that event; ``None`` where the reference has been dropped since."""


class Refused(Exception):
    """The stream has moved on, or is not there any more: look how it stands."""


class Mirror:
    """The stream of one log, on one connection. There is one at a time, for all relays."""

    def __init__(
        self, client: Client, log: UUID, *, bytes_max: int = BYTES_MAX, replicas: int = 1
    ) -> None:
        """Describe it.

        Args:
            client: connected.
            log: id of the log.
            bytes_max: bound of the stream.
            replicas: servers that hold it, 1 to 5.
        """
        self._client = client
        self._js = JetStreamContext(client, timeout=ANSWER_SECONDS)
        self._log = log
        self._bytes_max = bytes_max
        self._replicas = replicas
        self._settled = ""
        """The name that stood when it was last seen to be the only one."""

    async def find(self) -> Found | None:
        """How the stream stands; ``None``: there is none.

        The server lets two be made with the same subjects if it is asked at the same moment. So
        one that is new to us is given a moment in which the other shows: then whoever looks keeps
        the first by name, before anybody has published to either.

        Raises:
            Taken: there can be none.
        """
        names = await self._names()
        if names and names != [self._settled]:
            await asyncio.sleep(SETTLE_SECONDS)
            names = await self._names()
        for other in names[1:]:
            await self._end(other)
        self._settled = names[0] if names else ""
        return await self._standing(self._settled) if names else None

    async def _names(self) -> list[str]:
        """Every stream that takes our subjects, in order."""
        asked = msgspec.json.encode({"subject": subjects_of(self._log)})
        answer = await self._client.request(NAMES, asked, timeout=ANSWER_SECONDS)
        names = sorted(_names.decode(answer.data).streams or ())
        if any(epoch_of(name) is None for name in names):
            raise Taken
        return names

    async def _standing(self, name: str) -> Found | None:
        epoch = epoch_of(name)
        if epoch is None:
            raise Taken
        try:
            info = await self._js.stream_info(name)
            last = info.state.last_seq
            return Found(epoch, last, await self._event(name, last) if last else None)
        except NotFoundError:
            return None

    async def _event(self, name: str, last: int) -> UUID | None:
        try:
            message = await self._js.get_msg(name, last)
        except NotFoundError:
            return None
        reference = decoded(message.data or b"")
        return NOT_OURS if reference is None else reference.event

    async def begin(self, first: int) -> None:
        """Make the stream; the first reference it takes is that of position ``first``.

        Each has a name of its own: a relay that is late can never write into a newer one, nor
        delete it. Of several relays one succeeds, or more at the same moment (see ``find``);
        whether it was this one does not matter: look again.

        Args:
            first: position, from 1.

        Raises:
            APIError: it cannot be made.
        """
        config = StreamConfig(
            name=name_of(self._log, token_hex(EPOCH_BYTES)),
            subjects=[subjects_of(self._log)],
            max_age=AGE_SECONDS_MAX,
            max_bytes=self._bytes_max,
            discard=DiscardPolicy.OLD,
            storage=StorageType.FILE,
            first_seq=first if first > 1 else None,
            num_replicas=self._replicas,
        )
        try:
            await self._js.add_stream(config)  # pyright: ignore[reportUnknownMemberType]
        except APIError as refusal:
            if refusal.err_code != SUBJECTS_OVERLAP:
                raise
        else:
            _log.info("feed begins", stream=config.name, first=first)

    async def end(self, epoch: str) -> None:
        """Delete the stream of a history that is not the log's any more; it may be gone already."""
        await self._end(name_of(self._log, epoch))

    async def _end(self, name: str) -> None:
        try:
            await self._js.delete_stream(name)
        except NotFoundError:
            return

    async def publish(
        self, epoch: str, references: Sequence[Reference], lost: asyncio.Event
    ) -> int:
        """Publish a window in one go; each demands to follow on the one before.

        The client's own ``publish_async`` never tells of a refusal, so the answers are heard here.

        Args:
            epoch: of the stream that is to take them, and no other.
            references: of successive positions; not empty.
            lost: set when the connection is gone.

        Returns:
            How many were stored, counted from the first.

        Raises:
            Refused: not even the first was: somebody else has published it, or there is no such
                stream.
            OSError, TimeoutError, nats.errors.Error: it is unknown how many were.
        """
        inbox = self._client.new_inbox()
        answers = _Answers(len(references))
        heard = await self._client.subscribe(f"{inbox}.*", cb=answers.take)  # pyright: ignore[reportUnknownMemberType]
        try:
            for number, reference in enumerate(references):
                await self._client.publish(
                    subject_of(self._log, reference),
                    encoded(reference),
                    reply=f"{inbox}.{number}",
                    headers=self._headers(epoch, reference.position),
                )
            await answers.wait(lost)
        finally:
            if not lost.is_set():
                await heard.unsubscribe()
        return answers.stored()

    def _headers(self, epoch: str, position: int) -> dict[str, str]:
        return {
            "Nats-Msg-Id": f"{self._log}:{position}",
            "Nats-Expected-Last-Sequence": str(position - 1),
            "Nats-Expected-Stream": name_of(self._log, epoch),
        }


class _Error(Struct, frozen=True):
    code: int = 0
    err_code: int = 0


class _Answer(Struct, frozen=True):
    """What JetStream answers to a publish."""

    seq: int = 0
    error: _Error | None = None


class _Names(Struct, frozen=True):
    """What JetStream answers to the question for names; ``null`` for none."""

    streams: tuple[str, ...] | None = None


_names = msgspec.json.Decoder(_Names)
_answer = msgspec.json.Decoder(_Answer)
_NO_STREAM = _Answer(error=_Error(503, WRONG_STREAM))


class _Answers:
    """The answers to one window."""

    def __init__(self, expected: int) -> None:
        self._expected = expected
        self._found: dict[int, _Answer] = {}
        self._every = asyncio.Event()

    async def take(self, message: Msg) -> None:
        number = int(message.subject.rpartition(".")[2])
        # An answer without content comes from the server itself: nobody takes this subject.
        self._found[number] = _answer.decode(message.data) if message.data else _NO_STREAM
        if len(self._found) == self._expected:
            self._every.set()

    async def wait(self, lost: asyncio.Event) -> None:
        """Wait for all of them, as long as the connection holds."""
        waiting = [asyncio.ensure_future(event.wait()) for event in (self._every, lost)]
        try:
            await asyncio.wait(waiting, timeout=ACK_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in waiting:
                task.cancel()
        if not self._every.is_set():
            raise TimeoutError("the references were not acknowledged")

    def stored(self) -> int:
        """How many were stored, from the first; see ``Mirror.publish``."""
        for number in range(self._expected):
            error = self._found[number].error
            if error is None:
                continue
            if error.err_code not in (WRONG_LAST_SEQUENCE, WRONG_STREAM):
                raise APIError(code=error.code, err_code=error.err_code)
            if number == 0:
                raise Refused
            return number
        return self._expected


def name_of(log: UUID, epoch: str) -> str:
    """The name of a log's stream."""
    return f"ENQUIRY_{log.hex}_{epoch}"


def epoch_of(name: str) -> str | None:
    """The epoch in the name of a stream; ``None`` where it is not one of ours."""
    found = _NAME.fullmatch(name)
    return found[1] if found else None
