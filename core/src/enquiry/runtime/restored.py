"""The decision that a restored database goes on: under another id, with a reason that is signed.

A signer refuses a history that is shorter than what it signed, and it is right to: it cannot know
whether somebody cut the end off. Only an operator can say that the rest is lost. The log then takes
another id, so that nobody takes its history for the one before; the trees begin anew over the same
events, and their first entry says what went before, and why. What was signed until then is kept.
"""

import shutil
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import asyncpg
from asyncpg import Connection
from msgspec import Struct

from enquiry.audit.acceptance import remembered_in
from enquiry.audit.queries import query
from enquiry.audit.signing import anchors_in, ring_in
from enquiry.audit.store import SCHEMA as TREES
from enquiry.audit.store import TreeStore
from enquiry.log.migrate import quoted
from enquiry.runtime.lists.queries import query as list_query
from enquiry.runtime.lists.shelf import SCHEMA as VIEWS

LOG = "enquiry"
REASON_BYTES_MAX = 1000


class NotAccepted(Exception):
    """The decision cannot be recorded now. The message says why."""


class Decision(Struct, frozen=True):
    """What was decided."""

    former: UUID
    """Id of the log whose end is lost."""
    log: UUID
    position: int
    """Of the newest event that is left."""


async def accept(url: str, folder: Path, reason: str, now: datetime) -> Decision:
    """Let a restored database go on. Nothing else may use it; may be repeated after a crash.

    Args:
        url: as the owner of the tables.
        folder: the signer's.
        reason: why the end is lost, for auditors; it names no person. At most 1000 bytes.
        now: the time of the decision.

    Raises:
        NotAccepted: something else uses the database, or there is no reason.
        FolderRefused: a signer runs.
    """
    if not reason.strip() or len(reason.encode()) > REASON_BYTES_MAX or "\n" in reason:
        raise NotAccepted(f"a reason is one line of at most {REASON_BYTES_MAX} bytes")
    anchors = anchors_in(folder)
    try:
        ring = ring_in(folder, anchors)
        former = _signed_log(folder)
        connection: Connection = await asyncpg.connect(url, timeout=30)
        try:
            decision = await _renamed(connection, former)
        finally:
            await connection.close(timeout=10)
        store = await TreeStore.open(url)
        try:
            await store.add_platform_entry(_entry(decision, reason, now))
        finally:
            await store.close()
        _set_aside(folder, decision.former)
        ring.alone()
    finally:
        anchors.close()
    return decision


def _signed_log(folder: Path) -> UUID | None:
    """Id of the log that was signed with this folder."""
    for checkpoint in remembered_in(folder).values():
        return UUID(checkpoint.origin.split("/")[1])
    return None


async def _renamed(connection: Connection, signed: UUID | None) -> Decision:
    """Give the log another id, unless an earlier attempt has done so."""
    async with connection.transaction():
        if await connection.fetchval(query("restored_others")):
            raise NotAccepted("something else uses this database: stop every server and worker")
        row = await connection.fetchrow(query("restored_log"))
        if row is None:
            raise NotAccepted("there is no log in this database")
        log, head = UUID(str(row[0])), int(row[1])
        if signed is not None and signed != log:
            return Decision(signed, log, head)
        fresh: UUID = await connection.fetchval(query("restored_id"))
        if await connection.fetchval(query("restored_has"), TREES):
            kept = f"{TREES}_{log.hex}"
            await connection.execute(f"ALTER SCHEMA {quoted(TREES)} RENAME TO {quoted(kept)}")
        if await connection.fetchval(query("restored_has"), VIEWS):
            adopt = list_query("version_adopt", shelf=quoted(VIEWS))
            await connection.execute(adopt, log, fresh)
    return Decision(log, fresh, head)


def _entry(decision: Decision, reason: str, now: datetime) -> bytes:
    """What the platform tree says of it, for ever."""
    at = now.astimezone(UTC).isoformat()
    return f"EQP1 restored\n{decision.former}\n{decision.position}\n{at}\n{reason}\n".encode()


def _set_aside(folder: Path, former: UUID) -> None:
    """Keep what was signed until now: it tells how much is lost."""
    kept = folder / f"before-{former}"
    kept.mkdir(mode=0o700, exist_ok=True)
    if not (kept / "keys.json").exists():
        shutil.copy2(folder / "keys.json", kept / "keys.json")
    for path in (folder / "last").iterdir():
        if path.name != "lock":
            path.replace(kept / path.name)
