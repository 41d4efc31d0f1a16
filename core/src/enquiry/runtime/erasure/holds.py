"""Whether a key is held: the one place that is asked before any key is destroyed."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from enquiry.kernel.alliance.erasures import held
from enquiry.kernel.alliance.state import Alliance
from enquiry.log.promise import KeyRecord


def free(keys: Iterable[KeyRecord], alliance: Any, now: datetime) -> list[KeyRecord]:
    """Those of the keys that live and that no hold of their alliance covers.

    Args:
        keys: of one alliance.
        alliance: its state; without one, as it is for a stream that is nobody's, nothing is held.
        now: the injected time.
    """
    holds = (alliance if isinstance(alliance, Alliance) else Alliance()).holds
    today = now.date()
    return [
        key
        for key in keys
        if key.living and held(holds, key.stream, key.subject, key.kind, today) is None
    ]
