"""The feed: a relay that publishes a reference to each event, and a listener that is woken by it.

PostgreSQL is the truth and NATS a bell: nothing waits for it, nothing is refused without it, and
whoever follows the log also polls. What the relay publishes has the number of its position, so that
any number of relays can run at once: the first to publish a position wins, the others look again.
"""

import asyncio
from collections.abc import Callable, Sequence
from uuid import UUID

import structlog
from nats.aio.client import Client
from nats.aio.msg import Msg

from enquiry.log.promise import Log, StoredEvent, Unavailable
from enquiry.runtime.feed.mirror import BYTES_MAX, Found, Mirror, Refused, epoch_of
from enquiry.runtime.feed.reference import decoded, reference_to, subjects_of
from enquiry.runtime.feed.session import for_ever, heed

WINDOW = 256
"""References in flight at once."""
REFILL = 10_000
"""Newest events that are published again where the stream has been lost, or is new. Whoever missed
older ones reads them from the log."""
POLL_SECONDS = 1.0

_log = structlog.get_logger()


def _nothing(_: int) -> None:
    """Do nothing."""


class Restored(Exception):
    """The log does not hold what was published as its own: its database was restored."""


class Relay:
    """Publishes a reference to each event, after its commit. It keeps no cursor."""

    def __init__(
        self,
        log: Log,
        nats_url: str,
        *,
        on_reset: Callable[[int], None] = _nothing,
        refill: int = REFILL,
        bytes_max: int = BYTES_MAX,
        replicas: int = 1,
    ) -> None:
        """Describe it; nothing happens before ``run``.

        Args:
            log: whose events are published.
            nats_url: of NATS with JetStream, credentials included.
            on_reset: told the log's head when its history turns out to be another than the one that
                was published: whoever followed must read everything again.
            refill: events that a new stream is given at first, at most.
            bytes_max: bound of the stream; the oldest references go first.
            replicas: servers of a cluster that hold it, 1 to 5.
        """
        self._source = log
        self._url = nats_url
        self._on_reset = on_reset
        self._refill = refill
        self._bytes_max = bytes_max
        self._replicas = replicas
        self._head = 0
        self._found = Found("", 0, None)

    @property
    def lag(self) -> int:
        """Events recorded and not published yet, as far as this relay has heard."""
        return max(self._head - self._found.last, 0)

    @property
    def position(self) -> int:
        """Position of the last event known to be published."""
        return self._found.last

    @property
    def epoch(self) -> str:
        """Names the stream that is published to; empty before the first look."""
        return self._found.epoch

    async def run(self) -> None:
        """Publish for ever, with NATS there or not; ends by being cancelled."""
        watch = asyncio.create_task(self._watch(), name="relay-lag")
        try:
            await for_ever(self._url, "enquiry-relay", self._work)
        finally:
            watch.cancel()

    async def _watch(self) -> None:
        """Know how far behind we are even while NATS is away."""
        while True:
            try:
                self._head = await self._source.head()
            except Unavailable:
                _log.debug("the log is away")
            await asyncio.sleep(POLL_SECONDS)

    async def _work(self, client: Client, lost: asyncio.Event) -> None:
        id_ = self._source.id
        mirror = Mirror(client, id_, bytes_max=self._bytes_max, replicas=self._replicas)
        await self._look(mirror)
        _log.info("relay follows", epoch=self.epoch, position=self.position)
        promised = False
        while not lost.is_set():
            heed()
            try:
                events = await self._next()
                if events:
                    promised = False
                    await self._publish(mirror, events, lost)
                elif promised:
                    # News that cannot be read: the head we heard of belongs to a lost history.
                    promised = False
                    await asyncio.sleep(POLL_SECONDS)
                else:
                    promised = await self._rest(mirror)
            except Refused:
                await self._look(mirror)
            except Restored:
                await self._begin_anew(mirror)

    async def _rest(self, mirror: Mirror) -> bool:
        """Wait for an event, for a moment; where none comes, see that the stream is still there."""
        if await self._source.wait(self._found.last, POLL_SECONDS) > self._found.last:
            return True
        await self._look(mirror)
        return False

    async def _look(self, mirror: Mirror) -> None:
        """Go on from wherever the stream is; make it if it is missing."""
        while (found := await mirror.find()) is None:
            heed()
            head = await self._source.head()
            await mirror.begin(max(head - self._refill + 1, 1))
        known = self._found
        if known.epoch not in ("", found.epoch) and not await self._still_true(known):
            await self._reset()
        # Not before: where the log cannot be asked, the reset is still to be told the next time.
        self._found = found

    async def _still_true(self, known: Found) -> bool:
        """Whether the last event that we knew to be published is still the log's."""
        if known.last == 0 or known.event is None:
            return True
        events = await self._source.read_all(known.last - 1, 1)
        return bool(events) and events[0].id == known.event

    async def _next(self) -> Sequence[StoredEvent]:
        """Events that follow on the last one published, which must still be the log's own.

        Raises:
            Restored: it is not.
        """
        last, event = self._found.last, self._found.event
        if last == 0:
            return await self._source.read_all(0, WINDOW)
        events = await self._source.read_all(last - 1, WINDOW + 1)
        if not events or (event is not None and events[0].id != event):
            raise Restored
        return events[1:]

    async def _publish(
        self, mirror: Mirror, events: Sequence[StoredEvent], lost: asyncio.Event
    ) -> None:
        references = [reference_to(event) for event in events]
        stored = await mirror.publish(self._found.epoch, references, lost)
        newest = events[stored - 1]
        self._found = Found(self._found.epoch, newest.position, newest.id)
        self._head = max(self._head, newest.position)

    async def _begin_anew(self, mirror: Mirror) -> None:
        """Publish the log's present history to a stream of its own; the other one goes.

        Two copies of one log that both go on would take this in turns, in moderation: a copy must
        take another id.
        """
        _log.warning("the log was restored; its feed begins anew")
        await asyncio.sleep(POLL_SECONDS)
        await mirror.end(self._found.epoch)
        await self._look(mirror)

    async def _reset(self) -> None:
        self._head = await self._source.head()
        self._on_reset(self._head)


class Listener:
    """Hears from NATS that something was published. A bell: it may miss some, so poll as well."""

    def __init__(
        self,
        log: UUID,
        nats_url: str,
        rung: Callable[[int], None],
        *,
        on_reset: Callable[[int], None] = _nothing,
    ) -> None:
        """Describe it; nothing happens before ``run``.

        Args:
            log: id of the log.
            nats_url: of NATS, credentials included.
            rung: called on the event loop with the position that was published; it may come twice,
                and must not raise.
            on_reset: called likewise when the stream is another than before, and what is heard may
                not follow on what was heard.
        """
        self._subjects = subjects_of(log)
        self._url = nats_url
        self._rung = rung
        self._on_reset = on_reset
        self._epochs: set[str] = set()

    async def run(self) -> None:
        """Listen for ever, with NATS there or not; ends by being cancelled."""
        await for_ever(self._url, "enquiry-listener", self._work)

    async def _work(self, client: Client, lost: asyncio.Event) -> None:
        await client.subscribe(self._subjects, cb=self._heard)  # pyright: ignore[reportUnknownMemberType]
        heed()
        await lost.wait()

    async def _heard(self, message: Msg) -> None:
        reference = decoded(message.data)
        if reference is None:
            return
        epoch = epoch_of((message.headers or {}).get("Nats-Expected-Stream", ""))
        if epoch is not None and epoch not in self._epochs:
            self._epochs.add(epoch)
            if len(self._epochs) > 1:
                self._on_reset(reference.position)
        self._rung(reference.position)
