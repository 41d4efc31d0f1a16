"""Recording what was decided: sealed, appended on condition that nothing has moved, folded on."""

import asyncio
from collections.abc import Collection, Iterable, Mapping, Sequence
from uuid import UUID
from weakref import WeakValueDictionary

from enquiry.log.promise import Append, Appended, Log
from enquiry.method.codes import Step
from enquiry.method.compiled import Compiled
from enquiry.method.ctx import Ctx
from enquiry.method.decide import Planned, opening
from enquiry.method.live import Stored
from enquiry.method.registry import Registry
from enquiry.method.rules import Reject
from enquiry.privacy.keys import KeyDestroyed, Keyring
from enquiry.runtime.sealing import sealed_append
from enquiry.runtime.streams import Loaded, Streams


class Recording:
    """Appends facts, and moves on what is kept of their streams."""

    def __init__(self, log: Log, registry: Registry, streams: Streams, keyring: Keyring) -> None:
        """Everything it stands on, as real or reference parts."""
        self._log = log
        self._registry = registry
        self._streams = streams
        self._keyring = keyring
        self._turns: WeakValueDictionary[UUID, asyncio.Lock] = WeakValueDictionary()

    def turn(self, stream: UUID) -> asyncio.Lock:
        """Held by whoever decides on a stream: within one process nobody need lose a race."""
        return self._turns.setdefault(stream, asyncio.Lock())

    def openings(
        self, facts: Iterable[Planned], around: Mapping[UUID, Loaded], ctx: Ctx
    ) -> tuple[Planned, ...]:
        """Opening facts for streams that come into being by this append (a school's calendar)."""
        missing = {
            fact.stream: fact.kind.partition("/")[0]
            for fact in facts
            if fact.stream != ctx.stream and fact.stream not in around
        }
        return tuple(
            opening(self._kernel(method), stream, ctx) for stream, method in missing.items()
        )

    def _kernel(self, method: str) -> Compiled:
        compiled = self._registry.latest(method)
        if compiled is None:
            raise LookupError(f"the kernel has no method {method}")
        return compiled

    async def record(
        self,
        facts: Sequence[Planned],
        around: Mapping[UUID, Loaded],
        needs: Collection[UUID],
        ctx: Ctx,
        *,
        lang: str = "",
        key: bytes | None = None,
        fingerprint: bytes = b"",
    ) -> Appended:
        """Append these facts, if every stream stands as it did when they were decided.

        Args:
            facts: in the order in which they are to be recorded.
            around: every stream that was written or looked at, as it stood, also one that is new.
            needs: streams that were looked for; one that is not in ``around`` did not exist.
            ctx: who decided, and when.
            lang: language of the texts, BCP 47.
            key: idempotency key.
            fingerprint: digest of what was asked.

        Raises:
            Conflict: something has moved: decide afresh.
            KeyGone: likewise.
            KeyReused: the key stands for something else.
            Reject: ``SUBJECT_ERASED``.
        """
        revisions = dict.fromkeys(needs, 0)
        revisions |= {stream: one.live.revision for stream, one in around.items()}
        try:
            append, batch = await sealed_append(
                self._keyring,
                ctx.alliance,
                facts,
                revisions,
                ctx,
                lang=lang,
                key=key,
                fingerprint=fingerprint,
            )
        except KeyDestroyed as gone:
            raise Reject(
                "SUBJECT_ERASED",
                "This person's record here was erased; nothing can be added.",
                step=Step.CONSENT,
            ) from gone
        try:
            appended = await self._log.append(append)
        except BaseException:
            batch.abandon()
            raise
        batch.commit(appended)
        if not appended.replayed:
            self._move_on(append, appended)
        return appended

    def _move_on(self, append: Append, appended: Appended) -> None:
        by_stream: dict[UUID, list[Stored]] = {}
        for offset, event in enumerate(append.events):
            stored = Stored(
                appended.first + offset,
                event.stream,
                append.alliance,
                event.revision,
                event.id,
                event.kind,
                event.body,
                appended.recorded_at,
            )
            by_stream.setdefault(event.stream, []).append(stored)
        for stream, events in by_stream.items():
            self._streams.move_on(stream, events)
