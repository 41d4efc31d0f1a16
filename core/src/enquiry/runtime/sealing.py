"""From planned facts to an append: personal values sealed, bodies as exact bytes."""

import os
from base64 import b64encode
from collections.abc import Mapping, Sequence
from uuid import UUID

from enquiry.log.promise import Append, NewEvent, WrappedKey
from enquiry.method.ctx import Ctx
from enquiry.method.decide import Planned
from enquiry.method.live import micros
from enquiry.method.record import PersonalValue, body_of, separated
from enquiry.privacy.keys import Keyring, Personal, SealedBatch
from enquiry.privacy.sealing import Envelope as Place

SALT_BYTES = 16


async def sealed_append(
    keyring: Keyring,
    alliance: UUID,
    facts: Sequence[Planned],
    revisions: Mapping[UUID, int],
    ctx: Ctx,
    *,
    lang: str = "",
    key: bytes | None = None,
    fingerprint: bytes = b"",
) -> tuple[Append, SealedBatch]:
    """The append that records these facts.

    Args:
        keyring: seals personal values; the batch returned must be committed or abandoned.
        alliance: to which every stream belongs.
        facts: in the order in which they are to be recorded.
        revisions: of every stream written or read, as it was when the decision was made.
        ctx: who decided, and when.
        lang: language of the texts, BCP 47.
        key: idempotency key.
        fingerprint: digest of what was asked.
    """
    parts = [separated(fact.entry, ctx.actor) for fact in facts]
    batch = await keyring.seal(
        [
            (_place(alliance, fact), [_personal(value) for value in values])
            for fact, (_, values) in zip(facts, parts, strict=True)
        ]
    )
    next_revision = dict(revisions)
    announced = _first_uses(facts, batch)
    events: list[NewEvent] = []
    for index, (fact, (data, _)) in enumerate(zip(facts, parts, strict=True)):
        next_revision[fact.stream] = next_revision.get(fact.stream, 0) + 1
        body = body_of(
            fact,
            data,
            ctx,
            revision=next_revision[fact.stream],
            salt=os.urandom(SALT_BYTES),
            lang=lang,
            keys={str(k.id): b64encode(k.commitment).decode() for k in announced[index]},
        )
        events.append(
            NewEvent(
                fact.stream,
                next_revision[fact.stream],
                fact.id,
                fact.kind,
                body,
                batch.values[index],
            )
        )
    expected = {fact.stream: 0 for fact in facts} | dict(revisions)
    append = Append(
        alliance, tuple(events), expected, micros(ctx.now), key, fingerprint, batch.keys
    )
    return append, batch


def _place(alliance: UUID, fact: Planned) -> Place:
    return Place(alliance, fact.stream, fact.id, fact.kind, type(fact.entry).__version__)


def _personal(value: PersonalValue) -> Personal:
    return Personal(value.path, value.subject, value.kind, value.plaintext)


def _first_uses(facts: Sequence[Planned], batch: SealedBatch) -> dict[int, tuple[WrappedKey, ...]]:
    """New keys by the index of the first event that uses them: there the log commits to them."""
    new = {key.id: key for key in batch.keys}
    found: dict[int, tuple[WrappedKey, ...]] = {}
    for index in range(len(facts)):
        used = {value.key for value in batch.values[index]}
        found[index] = tuple(new.pop(key) for key in sorted(used & new.keys()))
    return found
