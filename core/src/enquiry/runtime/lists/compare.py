"""Compare a live projection with one that was folded afresh from the log, row by row.

Both sides are read in one snapshot, at the position of the live one. Rows hold references to sealed
values. The structural digest puts the digest of the ciphertext in their place, so that no erasure
ever changes it; the content digest the value itself, or what stands for one that was erased.
"""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from hashlib import sha256
from typing import Any, Literal

import msgspec
from asyncpg import Record
from msgspec import Struct

from enquiry.log.leaf import SEAL_BYTES
from enquiry.log.migrate import quoted
from enquiry.log.promise import Log, StoredEvent
from enquiry.method.record import Ref, opened, refs_in
from enquiry.runtime.lists.projection import Projection, Session
from enquiry.runtime.lists.projector import BATCH
from enquiry.runtime.lists.queries import query
from enquiry.runtime.lists.scratch import Progress, Scratch, Table, scratch, silent
from enquiry.runtime.lists.shelf import Contradiction, Parked, Shelf

PAGE = 500
"""Rows in memory at once."""
SHOWN_MAX = 100
"""Rows that differ are counted beyond that, and not shown."""

Texts = Callable[[Collection[Ref]], Awaitable[Mapping[Ref, Any]]]
"""What stands for each reference to a sealed value."""
_NONE: Mapping[Ref, Any] = {}


class Touch(Struct, frozen=True):
    """The event that last touched a row."""

    position: int
    alliance: str
    sequence: int
    stream: str
    revision: int
    kind: str


class Difference(Struct, frozen=True):
    """A row that is not what the log says."""

    table: str
    key: tuple[Any, ...]
    what: Literal["missing", "extra", "different"]
    """From the live table."""
    live: Mapping[str, Any]
    """The columns that differ; the whole row where the other side has none."""
    rebuilt: Mapping[str, Any]
    touched: Touch | None
    """``None``: in the fresh fold, no event touches it."""


class Digests(Struct, frozen=True):
    """SHA-256 over the rows of every table, in the order of their keys, hexadecimal."""

    structural: str
    content: str | None
    """``None``: the keys are not here. Comparable while no value was erased in between."""


class Compared(Struct, frozen=True, kw_only=True):
    """What came of a replay."""

    projection: str
    version: int
    position: int
    """At which both stand."""
    equal: int
    missing: int
    extra: int
    different: int
    live: Digests | None
    """``None``: it was folded up to another position than the live one, and compared to nothing."""
    rebuilt: Digests
    differences: tuple[Difference, ...]
    """At most `SHOWN_MAX`."""
    parked_live: tuple[Parked, ...]
    parked_rebuilt: tuple[Parked, ...]
    altered: int | None
    """Position of the first event that has another digest than its bytes."""

    @property
    def same(self) -> bool:
        """Whether no row differs."""
        return not (self.missing or self.extra or self.different)


class _Sums:
    """Digests of one side."""

    def __init__(self, content: bool) -> None:
        self._structural = sha256()
        self._content = sha256() if content else None

    def table(self, name: str) -> None:
        for sum_ in (self._structural, self._content):
            if sum_ is not None:
                sum_.update(name.encode() + b"\n")

    def row(self, structural: Any, content: Any) -> None:
        self._structural.update(_line(structural))
        if self._content is not None:
            self._content.update(_line(content))

    def digests(self) -> Digests:
        content = self._content.hexdigest() if self._content is not None else None
        return Digests(self._structural.hexdigest(), content)


def _line(row: Any) -> bytes:
    return msgspec.json.encode(row, order="deterministic") + b"\n"


def sealed_digests(log: Log) -> Texts:
    """For each reference ``sealed:`` and the digest of its ciphertext, which outlives the value."""

    async def texts(refs: Collection[Ref]) -> Mapping[Ref, Any]:
        events = await log.read_at(sorted({ref.position for ref in refs}))
        known = {event.position: _seals(event) for event in events}
        return {
            ref: f"sealed:{known.get(ref.position, {}).get(ref.slot, 'unknown')}" for ref in refs
        }

    return texts


def _seals(event: StoredEvent) -> dict[int, str]:
    parts = [event.seals[at : at + SEAL_BYTES] for at in range(0, len(event.seals), SEAL_BYTES)]
    return {int.from_bytes(part[:2], "big"): part[18:].hex() for part in parts}


class Comparison:
    """One replay of one projection."""

    def __init__(
        self,
        log: Log,
        shelf: Shelf,
        make: Callable[[], Projection],
        *,
        contents: Texts | None = None,
        progress: Progress = silent,
        batch: int = BATCH,
    ) -> None:
        """Prepare it.

        Args:
            log: that is folded.
            shelf: on which the live tables are; they are only read.
            make: makes the projection, each time one that remembers nothing.
            contents: opens references; ``None``: there is no content digest.
            progress: hears how far the fold is.
            batch: events in one transaction, at most.
        """
        self._log = log
        self._shelf = shelf
        self._make = make
        self._projection = make()
        self._structure = sealed_digests(log)
        self._contents = contents
        self._progress = progress
        self._batch = batch
        self._counts = dict.fromkeys(("equal", "missing", "extra", "different"), 0)
        self._found: list[Difference] = []

    async def run(self, upto: int | None = None) -> Compared:
        """Fold afresh and compare.

        Args:
            upto: fold up to this position, inclusive, and compare only if the live one stands
                there; ``None``: up to where it stands.

        Raises:
            Contradiction: no such version is live, or its tables cannot be compared.
        """
        async with (
            scratch(self._log, self._shelf, self._projection) as fresh,
            self._shelf.pool.acquire() as connection,
        ):
            standing = await self._position(connection)
            tables = await fresh.make(connection)
            wanted = standing if upto is None else upto
            await fresh.fold(connection, wanted, self._batch, self._progress)
            async with connection.transaction(isolation="repeatable_read"):
                standing = await self._position(connection)
                if upto is None:  # what came meanwhile; both sides stand still from here on
                    await fresh.fold(connection, standing, self._batch, self._progress)
                if fresh.position > standing and upto is None:
                    raise Contradiction("the live tables went back meanwhile: ask again")
                is_live = fresh.position == standing
                sides = await self._tables(connection, fresh, tables, is_live=is_live)
            found = await self._traced(connection, fresh)
            parked = await self._shelf.parked(self._projection.name, self._projection.version)
        return Compared(
            projection=self._projection.name,
            version=self._projection.version,
            position=fresh.position,
            **self._counts,
            live=sides[0] if is_live else None,
            rebuilt=sides[1],
            differences=found,
            parked_live=parked,
            parked_rebuilt=fresh.parked,
            altered=fresh.altered,
        )

    async def _position(self, connection: Session) -> int:
        """Where the live version stands."""
        name, version = self._projection.name, self._projection.version
        found = await connection.fetchval(self._shelf.sql("version_position"), name, version)
        if found is None:
            raise Contradiction(f"{self._projection.label} is not live: a server builds it first")
        return found

    async def _tables(
        self, connection: Session, fresh: Scratch, tables: Sequence[Table], *, is_live: bool
    ) -> tuple[Digests, Digests]:
        await connection.execute(query("replay_pin"))
        # With nothing to compare, both sides are the fresh one.
        live = self._shelf.schema_of(self._projection) if is_live else fresh.schema
        sums = _Sums(self._contents is not None), _Sums(self._contents is not None)
        for table in tables:
            for one in sums:
                one.table(table.name)
            keys = ", ".join(quoted(key) for key in table.keys)
            where = {"live": quoted(live), "scratch": quoted(fresh.schema)}
            sql = query("replay_compare", table=quoted(table.name), keys=keys, **where)
            page: list[Record] = []
            async for row in connection.cursor(sql, prefetch=PAGE):
                page.append(row)
                if len(page) == PAGE:
                    await self._page(table, page, sums)
                    page = []
            await self._page(table, page, sums)
        return sums[0].digests(), sums[1].digests()

    async def _page(self, table: Table, page: list[Record], sums: tuple[_Sums, _Sums]) -> None:
        rows = [(_plain(live), _plain(rebuilt)) for _, live, rebuilt in page]
        refs = refs_in(rows)
        structure = await self._structure(refs) if refs else _NONE
        content = await self._contents(refs) if refs and self._contents else _NONE
        for (key, *texts), pair in zip(page, rows, strict=True):
            said = tuple(opened(row, structure) for row in pair)
            for row, plain, sum_ in zip(said, pair, sums, strict=True):
                if plain is not None:
                    sum_.row(row, opened(plain, content) if self._contents else None)
            what = _judged(*texts)
            self._counts[what] += 1
            if what != "equal" and len(self._found) < SHOWN_MAX:
                live, rebuilt = _narrowed(*said)
                named = tuple(msgspec.json.decode(key))
                self._found.append(Difference(table.name, named, what, live, rebuilt, None))

    async def _traced(self, connection: Session, fresh: Scratch) -> tuple[Difference, ...]:
        """The differences, each with the event that last touched its row.

        The first fold knows in which batch that was; in a second one, those batches are folded
        event by event.
        """
        rough = await self._touched(connection, fresh)
        if not rough:
            return tuple(self._found)
        firsts = {last: first for first, last in fresh.batches}
        projection = self._make()
        async with scratch(self._log, self._shelf, projection) as again:
            await again.make(connection)
            for last in sorted(set(rough.values())):
                await again.fold(connection, firsts[last] - 1, self._batch, self._progress)
                await again.fold(connection, last, 1, self._progress)
            exact = await self._touched(connection, again)
        events = {e.position: e for e in await self._log.read_at(sorted(set(exact.values())))}
        return tuple(
            msgspec.structs.replace(one, touched=_touch(events.get(exact.get(at, 0))))
            for at, one in enumerate(self._found)
        )

    async def _touched(self, connection: Session, fresh: Scratch) -> dict[int, int]:
        """At which position each row that differs was written last, by its place in the list."""
        places = {(d.table, _line(list(d.key))): at for at, d in enumerate(self._found)}
        found: dict[int, int] = {}
        for table in dict.fromkeys(one.table for one in self._found):
            keys = [one.key for one in self._found if one.table == table]
            sql = query("replay_touched", tables=quoted(fresh.schema))
            rows = await connection.fetch(sql, table, msgspec.json.encode(keys).decode())
            for key, position in rows:
                found[places[table, _line(msgspec.json.decode(key))]] = position
        return found


def _plain(text: str | None) -> Any:
    return None if text is None else msgspec.json.decode(text)


def _judged(
    live: str | None, rebuilt: str | None
) -> Literal["equal", "missing", "extra", "different"]:
    if live == rebuilt:
        return "equal"
    if live is None:
        return "missing"
    return "extra" if rebuilt is None else "different"


def _narrowed(live: Any, rebuilt: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """Only the columns that differ, where both sides have the row."""
    one: dict[str, Any] = live or {}
    other: dict[str, Any] = rebuilt or {}
    if live is None or rebuilt is None:
        return one, other
    names = [name for name in {**one, **other} if one.get(name) != other.get(name)]
    return {n: one.get(n) for n in names}, {n: other.get(n) for n in names}


def _touch(event: StoredEvent | None) -> Touch | None:
    if event is None:
        return None
    return Touch(
        event.position,
        str(event.alliance),
        event.sequence,
        str(event.stream),
        event.revision,
        event.kind,
    )
