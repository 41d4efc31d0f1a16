"""On the way: rooms, notes and corridors. LW-E06 to LW-E12, as far as what happens goes."""

from typing import Any
from uuid import UUID

from enquiry.kernel import around, run
from enquiry.method.ctx import Ctx
from enquiry.method.rules import Unmet, Verdict, guard, rule
from enquiry_learning_walks.forms import visits
from enquiry_learning_walks.rules.planning import all_in
from enquiry_learning_walks.state import Walk
from enquiry_learning_walks.state.pieces import (
    NoteKind,
    ShareKind,
    VisitStatus,
)

# Which visit


@rule("NOT_FOUND", "There is no such visit here for you.", source="3.1 confidentiality")
def visit_is_visible(s: Walk, e: Any, ctx: Ctx) -> bool:
    """The visit exists, and the actor walks in the team or hosts this very visit."""
    visit = s.visits.get(e.visit_no)
    if visit is None:
        return False
    return ctx.actor in s.team() or (visit.host == ctx.actor and visit.told)


@rule("CONSENT_WITHDRAWN", "This visit is not part of the walk any more.", source="4.3")
def host_has_not_withdrawn(s: Walk, e: Any, ctx: Ctx) -> bool:
    """Nothing new is recorded about somebody who withdrew."""
    del ctx
    return not s.hosts_withdrawn(e.visit_no)


# LW-E06, LW-E08 and LW-E09: into the room, and out of it


@rule("NOT_PERMITTED", "Pupils are never alone with a teacher: a grown-up walks in.", source="4.7")
def an_adult_is_present(s: Walk, e: visits.BeginVisit, ctx: Ctx) -> bool:
    """Somebody who is no pupil is present."""
    return any(
        person not in s.pupil_walkers() and not around.is_pupil(ctx, person) for person in e.present
    )


def _present(s: Walk, e: Any) -> tuple[UUID, ...]:
    del s
    return e.present or ()


pupils_are_trained = run.pupils_are_trained(_present)
"""The training of every pupil who is present is recorded."""


@rule("DEBRIEF_REQUIRED", "First comes the corridor debrief of the visit before.", source="LW-E09")
def corridors_are_closed(s: Walk, e: Any, ctx: Ctx) -> Verdict:
    """Every earlier visit is over: its corridor closed or skipped, or the visit left out."""
    del ctx
    visit = s.visits[e.visit_no]
    open_ = s.under_way()
    waiting = [v for v in s.before(visit) if v.status == VisitStatus.SCHEDULED]
    unfinished = [*([open_] if open_ is not None and open_ is not visit else []), *waiting]
    if not unfinished:
        return True
    return Unmet(details=tuple({"visit": v.number, "status": v.status} for v in unfinished))


@rule("WRONG_STAGE", "This visit was left out.", source="3.1 commands")
def visit_was_not_skipped(s: Walk, e: Any, ctx: Ctx) -> bool:
    """A visit that was left out does not begin."""
    del ctx
    return s.visits[e.visit_no].status != VisitStatus.SKIPPED


@rule(
    "VALIDATION_FAILED",
    "Only those of whom the host was told walk in; schedule the visit anew for others.",
    source="LW-E06",
)
def present_were_announced(s: Walk, e: Any, ctx: Ctx) -> Verdict:
    """Everybody present is among the visitors of the visit."""
    del ctx
    return all_in("/present", e.present or (), s.visits[e.visit_no].visitors)


@rule("HOST_NOT_NOTIFIED", "The host has not been told of this visit.", source="LW-E08")
def host_was_told(s: Walk, e: visits.BeginVisit, ctx: Ctx) -> bool:
    """The host knows of the visit as it is planned now."""
    del ctx
    return s.visits[e.visit_no].told


@rule("HOST_DECLINED", "This room is not visited.", source="LW-E08")
def host_has_not_declined(s: Walk, e: visits.BeginVisit, ctx: Ctx) -> bool:
    """The host has not said no."""
    del ctx
    return s.visits[e.visit_no].status != VisitStatus.DECLINED


@guard("DEBRIEF_REQUIRED", "First comes the corridor debrief of this visit.", source="LW-E09")
def no_visit_is_under_way(s: Walk, ctx: Ctx) -> Verdict:
    """Nobody is in a room or a corridor."""
    del ctx
    visit = s.under_way()
    return True if visit is None else Unmet(details=({"visit": visit.number},))


# LW-E10 and LW-E11: notes


@rule("NOT_PRESENT_AT_VISIT", "Only those who were in the room write and share.", source="LW-E10")
def actor_was_present(s: Walk, e: Any, ctx: Ctx) -> bool:
    """The actor is among those present at this visit."""
    return ctx.actor in s.visits[e.visit_no].present


@rule("VISIT_NOT_OPEN", "Notes are taken once the visit has begun.", source="LW-E11")
def visit_has_begun(s: Walk, e: Any, ctx: Ctx) -> bool:
    """The notes window opens with BeginVisit."""
    del ctx
    return s.visits[e.visit_no].begun_at is not None


@rule(
    "NOTES_WINDOW_CLOSED",
    "The corridor debrief of this visit is over, and with it the time for notes.",
    source="LW-E11",
)
def notes_window_is_open(s: Walk, e: Any, ctx: Ctx) -> bool:
    """The notes window closes with the corridor."""
    del ctx
    return s.visits[e.visit_no].status in (VisitStatus.OPEN, VisitStatus.CORRIDOR)


@rule("VALIDATION_FAILED", "This is not a criterion of the walk.")
def criterion_is_known(s: Walk, e: visits.RecordNote, ctx: Ctx) -> Verdict:
    """The note is about one of the agreed criteria."""
    del ctx
    known = any(criterion.id == e.criterion_id for criterion in s.criteria)
    return True if known else Unmet(pointer="/criterion_id")


@rule("VALIDATION_FAILED", "A count says how many.")
def count_is_given(s: Walk, e: visits.RecordNote, ctx: Ctx) -> Verdict:
    """A note of kind count has a number."""
    del s, ctx
    return e.kind != NoteKind.COUNT or e.count is not None or Unmet(pointer="/count")


@rule("NOT_FOUND", "There is no such note of yours.", source="4.3")
def note_is_own(s: Walk, e: Any, ctx: Ctx) -> bool:
    """The note is there and the actor wrote it."""
    note = s.live_notes().get(e.note)
    return note is not None and note.by == ctx.actor


@rule(
    "NOTES_WINDOW_CLOSED",
    "The corridor debrief of that visit is over; add a note of correction instead.",
    source="4.3",
)
def note_can_be_taken_back(s: Walk, e: visits.RetractNote, ctx: Ctx) -> bool:
    """A note is taken back until its corridor closes."""
    del ctx
    note = s.notes.get(e.note)
    status = s.visits[note.visit].status if note is not None else None
    return status in (VisitStatus.OPEN, VisitStatus.CORRIDOR)


# LW-E12: corridors


@rule("VALIDATION_FAILED", "A noticing or a wondering says something; nothing to add does not.")
def share_says_what_it_is(s: Walk, e: visits.ShareInCorridor, ctx: Ctx) -> Verdict:
    """Words come with a noticing or a wondering, and only with them."""
    del s, ctx
    fits = (e.kind == ShareKind.NOTHING_TO_ADD) == (e.text is None)
    return True if fits else Unmet(pointer="/text")


@rule("VALIDATION_FAILED", "This is not a note of that visit.")
def share_cites_this_visit(s: Walk, e: visits.ShareInCorridor, ctx: Ctx) -> Verdict:
    """A share rests on notes of its own visit that the actor may read."""
    for number, id_ in enumerate(e.note_ids):
        if not s.may_cite(ctx.actor, id_) or s.notes[id_].visit != e.visit_no:
            return Unmet(pointer=f"/note_ids/{number}")
    return True


@rule("DEBRIEF_SHARE_MISSING", "Not everybody has spoken in the corridor.", source="LW-E12")
def everybody_spoke(s: Walk, e: Any, ctx: Ctx) -> Verdict:
    """Each walker who was present has shared, or said that they have nothing to add."""
    del ctx
    visit = s.visits[e.visit_no]
    silent = tuple({"person": str(p)} for p in visit.present if p not in visit.spoke)
    return Unmet(details=silent) if silent else True
