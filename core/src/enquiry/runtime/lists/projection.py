"""A projection: a pure fold of the log into tables of its own."""

from collections.abc import Awaitable, Callable, Sequence
from hashlib import sha256

from asyncpg import Connection
from asyncpg.pool import PoolConnectionProxy
from msgspec import Struct

from enquiry.log.promise import StoredEvent

Session = Connection | PoolConnectionProxy
"""A connection to the database, of a pool or not."""
Apply = Callable[[Session, Sequence[StoredEvent]], Awaitable[None]]
Mend = Callable[[Session, int], Awaitable[None]]


class Projection(Struct, frozen=True, kw_only=True):
    """What is folded, and how.

    A change of ``ddl`` or of what ``apply`` makes of an event is a new version. Versions of one
    projection are read by the same queries, so a newer one may add columns; what would break a
    query is a projection of another name.
    """

    name: str
    """Lower case and underscores, at most 30 characters."""
    version: int
    """From 1."""
    ddl: str
    """Makes its tables, by bare names, in a schema that is its own."""
    apply: Apply
    """Folds events into the tables, which it names without a schema.

    A function of the events and of the rows alone: no clock, no chance, nothing sent anywhere. The
    events come in order of position, in batches of any size, one transaction each. The order of one
    stream is always kept; a stream that could not be folded at first may come after others. The
    same events may come again where the transaction failed, also after later ones.
    """
    mend: Mend | None = None
    """Brings rows up to date, as of a position, with what is installed now (a method that was
    missing when they were folded). Called once, whenever a process begins to project."""

    @property
    def digest(self) -> bytes:
        """SHA-256 of the statements, 32 bytes."""
        return sha256(self.ddl.encode()).digest()

    @property
    def label(self) -> str:
        """Name and version, as part of names in the database."""
        return f"{self.name}_v{self.version}"
