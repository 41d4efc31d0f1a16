"""Who may respond until when, and what is remarked."""

from typing import Any

from enquiry.kernel import around
from enquiry.kernel.enquiry.progress.items import ITEMS
from enquiry.kernel.enquiry.state import Enquiry
from enquiry.method.ctx import Ctx
from enquiry.method.rules import Unmet, Verdict, Warn, Watch, rule


@rule("NOT_FOUND", "There is no such assessment.")
def round_is_known(s: Enquiry, e: Any, ctx: Ctx) -> bool:
    """It was opened here."""
    del ctx
    return e.assessment in s.progress


@rule("RECORD_CLOSED", "This assessment is closed.", source="2.14")
def round_is_open(s: Enquiry, e: Any, ctx: Ctx) -> bool:
    """Until the end of its last day, where the first school is."""
    known = s.progress[e.assessment]
    today = around.local_date(ctx, s.schools[0] if s.schools else None, ctx.now)
    return not known.closed and today <= known.closes_on


@rule("VALIDATION_FAILED", "Respond to items of this phase, each once.")
def items_are_known(s: Enquiry, e: Any, ctx: Ctx) -> Verdict:
    """Each item is one of the phase; the school takes part."""
    del ctx
    if e.school not in s.schools:
        return Unmet(pointer="/school")
    keys = {item.key for item in ITEMS[s.progress[e.assessment].phase]}
    seen: set[str] = set()
    for index, response in enumerate(e.responses):
        if response.item not in keys or response.item in seen:
            return Unmet(pointer=f"/responses/{index}/item")
        seen.add(response.item)
    return True


def _concerns(s: Enquiry, ctx: Ctx) -> tuple[Warn, ...]:
    del ctx
    found: list[Warn] = []
    for id_, one in s.progress.items():
        for item in ITEMS[one.phase]:
            counts = one.counts(item.key)
            if sum(counts) and 2 * sum(counts[3:]) >= sum(counts):
                params = {"item": item.key}
                found.append(Warn("PROGRESS_CONCERN", about=f"{id_}-{item.key}", params=params))
    return tuple(found)


def _contradictions(s: Enquiry, ctx: Ctx) -> tuple[Warn, ...]:
    del ctx
    found: list[Warn] = []
    for id_, one in s.progress.items():
        for item in ITEMS[one.phase]:
            counts = one.counts(item.key)
            most = 2 * sum(counts[:2]) > sum(counts)
            if most and item.contradicted is not None and item.contradicted(s):
                params = {"item": item.key}
                about = f"{id_}-{item.key}"
                found.append(Warn("PROGRESS_CONTRADICTION", about=about, params=params))
    return tuple(found)


_RECORD = ["focused", "agreement", "choices", "trying", "measures", "trials", "impact", "course"]
"""Where the record may show otherwise."""
WATCHES = (
    Watch("PROGRESS_CONCERN", _concerns, source="2.14", looks_at=("progress",)),
    Watch(
        "PROGRESS_CONTRADICTION",
        _contradictions,
        source="2.14",
        looks_at=("progress", *_RECORD),
    ),
)
