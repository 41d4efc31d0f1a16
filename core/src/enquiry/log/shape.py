"""What an append must look like before it is offered to a log; nothing but it is looked at."""

from collections.abc import Container, Sequence
from uuid import UUID

from enquiry.log.leaf import KIND_BYTES_MAX
from enquiry.log.promise import Append, Malformed, NewEvent, WrappedKey

KEY_BYTES_MAX = 64
SLOT_MAX = 32_767
COMMITMENT_BYTES = 32


def check(append: Append, first_revision: int = 1) -> None:
    """Refuse an append that contradicts itself.

    Args:
        append: what is to be recorded.
        first_revision: number of the first event of a stream: 1; 0 only for streams that the
            eventsourcing library numbers itself.

    Raises:
        Malformed: it has no events; an event's stream is not in ``expected`` or its revision not
            the next; a kind is not 1 to 255 ASCII characters; a body or ciphertext is not bytes;
            slots do not ascend within 0 to 32,767; a data key is for a stream that is not written,
            comes twice, or lacks bytes; the idempotency key has not 1 to 64 bytes; the time lies
            before 1970.
    """
    if not append.events:
        raise Malformed("an append needs an event")
    written: dict[UUID, int] = {}
    for event in append.events:
        previous = written.get(event.stream)
        if previous is None:
            previous = append.expected.get(event.stream)
            if previous is None or previous < first_revision - 1:
                raise Malformed(f"stream {event.stream} is written without a revision to expect")
        if event.revision != previous + 1:
            raise Malformed(f"revision {event.revision} of {event.stream} follows {previous}")
        written[event.stream] = event.revision
        _check_event(event)
    if append.key is not None and not 0 < len(append.key) <= KEY_BYTES_MAX:
        raise Malformed(f"an idempotency key has 1 to {KEY_BYTES_MAX} bytes")
    if append.recorded_at < 0:
        raise Malformed("recorded_at lies before 1970")
    if append.keys:
        _check_keys(append.keys, written)


def _check_event(event: NewEvent) -> None:
    if not event.kind.isascii() or not 0 < len(event.kind) <= KIND_BYTES_MAX:
        raise Malformed(f"a kind is 1 to {KIND_BYTES_MAX} ASCII characters: {event.kind!r}")
    if not isinstance(event.body, bytes):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise Malformed("a body is bytes")
    previous = -1
    for value in event.sealed:
        if not previous < value.slot <= SLOT_MAX:
            raise Malformed(f"slots ascend from 0 to {SLOT_MAX}: {value.slot} after {previous}")
        if not isinstance(value.ciphertext, bytes):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise Malformed("a ciphertext is bytes")
        previous = value.slot


def _check_keys(keys: Sequence[WrappedKey], written: Container[UUID]) -> None:
    for key in keys:
        if key.stream not in written:
            raise Malformed(f"data key {key.id} is for stream {key.stream}, which is not written")
        if not key.wrapped or len(key.commitment) != COMMITMENT_BYTES:
            raise Malformed(f"data key {key.id} lacks bytes")
    owners = {(key.stream, key.subject, key.kind) for key in keys}
    if len(owners) < len(keys) or len({key.id for key in keys}) < len(keys):
        raise Malformed("two data keys are for the same subject, or are the same")
