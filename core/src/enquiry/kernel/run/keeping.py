"""How long a run keeps the words of its evidence: once they are published, for good.

They have a kind of key of their own, so that what they were drawn from can be destroyed in its own
time. What was proposed and never published goes when that does.

Source: 4.6.
"""

from typing import Any

from enquiry.kernel.run.state import EVIDENCE_KEY
from enquiry.method.retention import Keep, Unless


def _is_published(s: Any) -> bool:
    return bool(s.published)


PUBLISHED = Unless("it was published", _is_published)


def evidence_kept(*, terms: int | None = None, years: int | None = None, because: str = "") -> Keep:
    """The row for evidence; a method gives it the time of what its evidence is drawn from.

    Args:
        terms: as in ``Keep``.
        years: as in ``Keep``.
        because: as in ``Keep``; what is kept for ever needs no exception.
    """
    return Keep(
        kind=EVIDENCE_KEY,
        what="Evidence that was proposed",
        terms=terms,
        years=years,
        because=because,
        unless=None if because else PUBLISHED,
    )
