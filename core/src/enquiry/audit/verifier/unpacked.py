"""The events of a bundle that was checked, one after the other, for whoever folds them again."""

from collections.abc import Iterator
from typing import NamedTuple
from uuid import UUID

from enquiry.audit.verifier.archive import Archive
from enquiry.audit.verifier.entries import PACK, entry, parts, place
from enquiry.audit.verifier.notes import unsigned_head
from enquiry.audit.verifier.tiles import tile_name, widths


class Recorded(NamedTuple):
    """An event with its body."""

    position: int
    stream: UUID
    alliance: UUID
    revision: int
    id: UUID
    kind: str
    body: bytes
    recorded_at: int


def recorded(archive: Archive) -> Iterator[Recorded]:
    """Every event of which the bundle holds the body, in the order of the log.

    Raises:
        Unreadable: a pack is broken.
        Rejected: the checkpoint is none.
        ValueError: a body says no stream. Check the bundle before.
    """
    size = unsigned_head(archive.text("data/checkpoint")).size
    for number, width in enumerate(widths(size)):
        name = tile_name(number, width)
        if f"data/bodies/{name}" not in archive or f"data/tile/entries/{name}" not in archive:
            continue
        entries = parts(archive.read(f"data/tile/entries/{name}"), 2, name)
        bodies = parts(archive.read(f"data/bodies/{name}"), 4, name)
        for index in range(min(PACK, len(entries), len(bodies))):
            found = entry(entries[index])
            if found is None or not bodies[index]:
                continue
            stream, revision, _ = place(bodies[index])
            yield Recorded(
                found.position,
                UUID(stream),
                UUID(bytes=found.alliance),
                revision,
                UUID(bytes=found.event),
                found.kind,
                bodies[index],
                found.recorded_at,
            )
