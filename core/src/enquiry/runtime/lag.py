"""How far whoever follows the log is behind it, in events and in seconds."""

from datetime import datetime

from msgspec import Struct

from enquiry.log.promise import Log
from enquiry.method.live import instant


class Lag(Struct, frozen=True):
    """How far a follower is behind the log."""

    events: int
    seconds: float
    """Age of the oldest event that it has yet to follow; 0 if there is none."""


async def lag(log: Log, position: int, now: datetime) -> Lag:
    """How far a follower is behind that has come to this position.

    Args:
        log: that it follows.
        position: of the last event that it has done with; 0 if there is none.
        now: by the clock that the log is written by.
    """
    oldest = await log.read_all(position, 1)
    if not oldest:
        return Lag(0, 0.0)
    age = (now - instant(oldest[0].recorded_at)).total_seconds()
    return Lag(await log.head() - position, max(age, 0.0))
