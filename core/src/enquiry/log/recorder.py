"""The log under the interface of the ``eventsourcing`` library: recorders, their factory, a mapper.

The library is our oracle and the auditor's second pair of eyes; nothing of ours writes through it.
This is the only module that imports it. To use it, set ``PERSISTENCE_MODULE`` to
``enquiry.log.recorder:Factory`` and ``ENQUIRY_DATABASE_URL``. Its stock PostgreSQL recorder reads
the same tables too: ``CREATE_TABLE=no``, the schema, and an application without a name, so that it
looks for ``stored_events``. ``MAPPER_TOPIC`` is ``enquiry.log.recorder:KindMapper`` either way.
"""

import asyncio
import time
from collections.abc import Callable, Coroutine, Sequence
from threading import Thread
from typing import Any, TypeVar
from uuid import UUID, uuid4

from eventsourcing.persistence import (
    AggregateRecorder,
    ApplicationRecorder,
    InfrastructureFactory,
    IntegrityError,
    ListenNotifySubscription,
    Mapper,
    Notification,
    NotSupportedError,
    OperationalError,
    ProcessRecorder,
    StoredEvent,
    Tracking,
    TrackingRecorder,
)
from eventsourcing.utils import Environment, resolve_topic
from msgspec import Struct

from enquiry.log import promise
from enquiry.log.postgres import PostgresLog
from enquiry.log.promise import Append, Conflict, Malformed, NewEvent, Unavailable
from enquiry.log.tracking import AlreadyTracked, Track

PAGE_MIN = 500
"""Events that are read at once when topics are picked from them."""
STOP_SECONDS_MAX = 0.2
"""How long a subscription that was stopped may go on waiting."""
_Answer = TypeVar("_Answer")


class Recorded(Struct, frozen=True):
    """An event as the library's applications see it; a projector decodes the body by its kind."""

    originator_id: UUID
    originator_version: int
    kind: str
    body: bytes


class KindMapper(Mapper[UUID]):
    """Takes events as they are: topic is the permanent kind, state the body as it is stored."""

    def to_stored_event(self, domain_event: Any) -> StoredEvent:
        """A ``Recorded`` as it is stored."""
        recorded: Recorded = domain_event
        return StoredEvent(
            recorded.originator_id, recorded.originator_version, recorded.kind, recorded.body
        )

    def to_domain_event(self, stored_event: StoredEvent) -> Any:
        """A ``Recorded`` from what is stored."""
        return Recorded(
            _uuid(stored_event.originator_id),
            stored_event.originator_version,
            stored_event.topic,
            stored_event.state,
        )


class Loop:
    """An event loop in a thread of its own, for callers that block."""

    def __init__(self) -> None:
        """Start it."""
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever, name="enquiry-log-loop", daemon=True)
        self._thread.start()

    def run(self, work: Coroutine[Any, Any, _Answer]) -> _Answer:
        """What the work returns or raises, translated into the library's exceptions."""
        try:
            return asyncio.run_coroutine_threadsafe(work, self._loop).result()
        except (Conflict, Malformed, AlreadyTracked) as refusal:
            raise IntegrityError(str(refusal)) from refusal
        except Unavailable as failure:
            raise OperationalError(str(failure)) from failure

    def close(self) -> None:
        """Stop it, once nothing runs in it any more."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


class LogAggregateRecorder(AggregateRecorder):
    """Streams of the log; each stream goes on where it ends, whatever number it began with."""

    def __init__(
        self, log: PostgresLog, loop: Loop, alliance: UUID, now: Callable[[], int]
    ) -> None:
        """Write to one alliance.

        Args:
            log: opened on the loop, with ``first_revision=0`` if streams may begin at version 0.
            loop: where the log lives.
            alliance: to which everything belongs that is inserted.
            now: microseconds since 1970, UTC.
        """
        self.log = log
        self.loop = loop
        self._alliance = alliance
        self._now = now

    def insert_events(
        self, stored_events: Sequence[StoredEvent], **kwargs: Any
    ) -> Sequence[int] | None:
        """Append all or nothing; no ids come back."""
        self._insert(stored_events, **kwargs)
        return None

    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[StoredEvent]:
        """Events of one stream with ``gt < version <= lte``."""
        after = -1 if gt is None else gt
        found = self.loop.run(self.log.read_stream(_uuid(originator_id), after, lte))
        ordered = found[::-1] if desc else found
        return [StoredEvent(e.stream, e.revision, e.kind, e.body) for e in ordered[:limit]]

    def _insert(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int]:
        if kwargs.get("tracking") is not None:
            raise NotSupportedError("only a process recorder keeps tracking")
        if not stored_events:
            return []
        appended = self.loop.run(self.log.append(self._append(stored_events)))
        return range(appended.first, appended.last + 1)

    def _append(self, stored_events: Sequence[StoredEvent]) -> Append:
        expected: dict[UUID, int] = {}
        events: list[NewEvent] = []
        for stored in stored_events:
            stream = _uuid(stored.originator_id)
            expected.setdefault(stream, stored.originator_version - 1)
            events.append(
                NewEvent(stream, stored.originator_version, uuid4(), stored.topic, stored.state)
            )
        return Append(self._alliance, tuple(events), expected, self._now())


class LogApplicationRecorder(LogAggregateRecorder, ApplicationRecorder):
    """The whole log, by position."""

    def insert_events(
        self, stored_events: Sequence[StoredEvent], **kwargs: Any
    ) -> Sequence[int] | None:
        """Append all or nothing; their positions come back."""
        return list(self._insert(stored_events, **kwargs))

    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> Sequence[Notification]:
        """At most ``limit`` events from ``start`` on, up to ``stop`` inclusive."""
        after = 0 if start is None else start - inclusive_of_start
        found: list[Notification] = []
        while len(found) < limit:
            page = self.loop.run(self.log.read_all(after, max(limit, PAGE_MIN)))
            found += (
                _notification(event)
                for event in page
                if (stop is None or event.position <= stop) and (not topics or event.kind in topics)
            )
            if not page or (stop is not None and page[-1].position >= stop):
                break
            after = page[-1].position
        return found[:limit]

    def max_notification_id(self) -> int | None:
        """Position of the newest event; ``None`` for an empty log."""
        return self.loop.run(self.log.head()) or None

    def subscribe(self, gt: int | None = None, topics: Sequence[str] = ()) -> "LogSubscription":
        """Events beyond ``gt``, those recorded later included, until it is stopped."""
        return LogSubscription(self, gt, topics)


class LogTrackingRecorder(TrackingRecorder):
    """How far upstreams were processed; it only goes forward."""

    def __init__(self, log: PostgresLog, loop: Loop) -> None:
        """Keep it beside the log, which was opened on the loop."""
        self.log = log
        self.loop = loop

    def insert_tracking(self, tracking: Tracking) -> None:
        """Go forward in an upstream."""
        self.loop.run(self.log.append_tracked(_track(tracking), None))

    def max_tracking_id(self, application_name: str) -> int | None:
        """How far the upstream was processed; ``None``: it is not known."""
        return self.loop.run(self.log.tracked(application_name))


class LogProcessRecorder(LogApplicationRecorder, LogTrackingRecorder, ProcessRecorder):
    """The whole log, and what was processed recorded in the transaction of what came of it."""

    def _insert(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int]:
        tracking: Tracking | None = kwargs.get("tracking")
        if tracking is None:
            return super()._insert(stored_events)
        append = self._append(stored_events) if stored_events else None
        appended = self.loop.run(self.log.append_tracked(_track(tracking), append))
        return [] if appended is None else range(appended.first, appended.last + 1)


class LogSubscription(ListenNotifySubscription[LogApplicationRecorder]):
    """Follows the log; woken by its bell or its poll, so that no event is slept through."""

    def __init__(
        self, recorder: LogApplicationRecorder, gt: int | None, topics: Sequence[str]
    ) -> None:
        """Start following."""
        super().__init__(recorder=recorder, gt=gt, topics=topics)
        self._listen_thread = Thread(target=self._listen, args=(gt or 0,))
        self._listen_thread.start()

    def __exit__(self, *args: object, **kwargs: Any) -> None:
        """Stop, and wait until nothing is read any more."""
        try:
            super().__exit__(*args, **kwargs)
        finally:
            self._listen_thread.join()

    def _listen(self, head: int) -> None:
        loop, log = self._recorder.loop, self._recorder.log
        try:
            while not self._has_been_stopped:
                newer = loop.run(log.wait(head, STOP_SECONDS_MAX))
                if newer > head:
                    head = newer
                    self._has_been_notified.set()
        except BaseException as error:  # noqa: BLE001  # raised where the events are taken
            self._thread_error = self._thread_error or error
            self.stop()


class Factory(InfrastructureFactory[TrackingRecorder]):
    """Recorders on one log, made as the environment says.

    ``ENQUIRY_DATABASE_URL``, ``ENQUIRY_SCHEMA`` (``enquiry``), ``ENQUIRY_ALLIANCE`` (nil).
    """

    def __init__(self, env: Environment | dict[str, str] | None) -> None:
        """Open the log."""
        super().__init__(env)
        url = self.env.get("ENQUIRY_DATABASE_URL")
        if not url:
            raise OSError("ENQUIRY_DATABASE_URL is not set")
        schema = self.env.get("ENQUIRY_SCHEMA") or "enquiry"
        self._alliance = UUID(self.env.get("ENQUIRY_ALLIANCE") or str(UUID(int=0)))
        self._closed = False
        self._loop = Loop()
        self._log = self._loop.run(PostgresLog.open(url, schema=schema, first_revision=0))

    def close(self) -> None:
        """Let go of the log; the library asks for it more than once."""
        if not self._closed:
            self._closed = True
            self._loop.run(self._log.close())
            self._loop.close()

    def aggregate_recorder(self, purpose: str = "events") -> AggregateRecorder:
        """For events only: there are no snapshots in the log."""
        if purpose != "events":
            raise NotSupportedError(f"the log keeps no {purpose}")
        return LogAggregateRecorder(self._log, self._loop, self._alliance, _now)

    def application_recorder(self) -> ApplicationRecorder:
        """For events and their order."""
        return LogApplicationRecorder(self._log, self._loop, self._alliance, _now)

    def tracking_recorder(
        self, tracking_recorder_class: type[TrackingRecorder] | None = None
    ) -> TrackingRecorder:
        """For tracking alone; a class that is given or named in the environment builds on ours.

        Raises:
            TypeError: it is no ``LogTrackingRecorder``.
        """
        topic = self.env.get(self.TRACKING_RECORDER_TOPIC)
        wanted: Any = tracking_recorder_class or (resolve_topic(topic) if topic else None)
        if wanted is None:
            return LogTrackingRecorder(self._log, self._loop)
        if not issubclass(wanted, LogTrackingRecorder):
            raise TypeError(f"{wanted} is no {LogTrackingRecorder.__name__}")
        return wanted(self._log, self._loop)

    def process_recorder(self) -> ProcessRecorder:
        """For events, their order, and tracking in the same transaction."""
        return LogProcessRecorder(self._log, self._loop, self._alliance, _now)


def _now() -> int:
    return time.time_ns() // 1_000


def _uuid(id_: UUID | str) -> UUID:
    return id_ if isinstance(id_, UUID) else UUID(id_)


def _notification(event: promise.StoredEvent) -> Notification:
    return Notification(event.stream, event.revision, event.kind, event.body, event.position)


def _track(tracking: Tracking) -> Track:
    return Track(tracking.application_name, tracking.notification_id)
