"""Who may, and what a form must say: steps 3, 4, 5 and 7 of the check order."""

from typing import Any
from uuid import UUID

from enquiry.kernel import around, run
from enquiry.method.ctx import Ctx
from enquiry.method.rules import Unmet, Verdict, rule
from enquiry_learning_walks import forms, pooling
from enquiry_learning_walks.pieces import TAKING_PART, NoteKind, ShareKind, WalkRole
from enquiry_learning_walks.plans import planned
from enquiry_learning_walks.state import Walk

# What may be seen (step 3) and who may act (step 4)


@rule("NOT_FOUND", "There is no such visit here for you.", source="3.1 confidentiality")
def visit_is_visible(s: Walk, e: Any, ctx: Ctx) -> bool:
    """The visit exists, and the actor walks in the team or hosts this very visit."""
    visit = s.visits.get(e.visit_no)
    if visit is None:
        return False
    return ctx.actor in s.team() or (visit.host == ctx.actor and visit.told)


@rule("NOT_FOUND", "There is no such note of yours.", source="4.3")
def note_is_own(s: Walk, e: Any, ctx: Ctx) -> bool:
    """The note is there and the actor wrote it."""
    note = s.live_notes().get(e.note)
    return note is not None and note.by == ctx.actor


def is_own_visit(s: Walk, key: str, ctx: Ctx) -> bool:
    """A host is offered the own visits alone: there are no others, as far as they know."""
    visit = s.visits.get(int(key))
    return visit is not None and visit.told and visit.host == ctx.actor


@rule("NOT_PERMITTED", "Only the host of this visit answers for it.", source="3.1 roles")
def hosts_this_visit(s: Walk, e: Any, ctx: Ctx) -> bool:
    """A host answers for the own room only."""
    return s.visits[e.visit_no].host == ctx.actor


@rule("NOT_PERMITTED", "Pupils are never alone with a teacher: a grown-up walks in.", source="4.7")
def an_adult_is_present(s: Walk, e: forms.BeginVisit, ctx: Ctx) -> bool:
    """Somebody who is no pupil is present."""
    return any(
        person not in s.pupil_walkers() and not around.is_pupil(ctx, person) for person in e.present
    )


# Consent (step 5)


@rule("CONSENT_WITHDRAWN", "This visit is not part of the walk any more.", source="4.3")
def host_has_not_withdrawn(s: Walk, e: Any, ctx: Ctx) -> bool:
    """Nothing new is recorded about somebody who withdrew."""
    del ctx
    return not s.hosts_withdrawn(e.visit_no)


@rule("CONSENT_WITHDRAWN", "This room cannot be visited on this walk.", source="4.3")
def person_has_not_withdrawn(s: Walk, e: forms.ScheduleVisit, ctx: Ctx) -> bool:
    """Nobody is asked again in the walk from which they withdrew."""
    del ctx
    return not s.has_withdrawn(e.host, *TAKING_PART)


def _present(s: Walk, e: Any) -> tuple[UUID, ...]:
    del s
    return e.present or ()


pupils_are_trained = run.pupils_are_trained(_present)
"""The training of every pupil who is present is recorded."""


# Fields (step 7)


@rule("VISIT_LENGTH_OUT_OF_RANGE", "A visit takes five to ten minutes.", source="LW-E03")
def visit_length_is_right(s: Walk, e: forms.ScheduleVisit, ctx: Ctx) -> Verdict:
    """The planned minutes in the room lie in the range chosen for the walk, both ends included."""
    del s
    least, most = ctx.options.visit_least, ctx.options.visit_most
    if least <= e.visit_minutes <= most:
        return True
    return Unmet(pointer="/visit_minutes", params={"least": least, "most": most})


@rule("DEBRIEF_LENGTH_OUT_OF_RANGE", "A debrief takes five to ten minutes.", source="LW-E03")
def debrief_length_is_right(s: Walk, e: forms.ScheduleVisit, ctx: Ctx) -> Verdict:
    """The planned minutes in the corridor lie in the range chosen, both ends included."""
    del s
    least, most = ctx.options.debrief_least, ctx.options.debrief_most
    if least <= e.debrief_minutes <= most:
        return True
    return Unmet(pointer="/debrief_minutes", params={"least": least, "most": most})


@rule("VALIDATION_FAILED", "This is not a room of the alliance.")
def room_is_known(s: Walk, e: forms.ScheduleVisit, ctx: Ctx) -> Verdict:
    """The room is registered."""
    del s
    return True if e.location in around.alliance(ctx).rooms else Unmet(pointer="/location")


@rule("VALIDATION_FAILED", "The host is somebody on the staff of the school of that room.")
def host_works_there(s: Walk, e: forms.ScheduleVisit, ctx: Ctx) -> Verdict:
    """The host belongs to the staff of the room's school on the day of the visit."""
    del s
    here = around.alliance(ctx)
    room = here.rooms.get(e.location)
    if room is None or here.is_staff(e.host, room.school, planned(e, ctx).day()):
        return True
    return Unmet(pointer="/host")


@rule("VALIDATION_FAILED", "Only walkers of this team visit.")
def visitors_are_walkers(s: Walk, e: forms.ScheduleVisit, ctx: Ctx) -> Verdict:
    """Every visitor has joined the team, and is named once."""
    del ctx
    return _all_in("/visitors", e.visitors, s.team())


@rule(
    "VALIDATION_FAILED",
    "Only those of whom the host was told walk in; schedule the visit anew for others.",
    source="LW-E06",
)
def present_were_announced(s: Walk, e: Any, ctx: Ctx) -> Verdict:
    """Everybody present is among the visitors of the visit."""
    del ctx
    return _all_in("/present", e.present or (), s.visits[e.visit_no].visitors)


def _all_in(pointer: str, people: tuple[UUID, ...], known: tuple[UUID, ...]) -> Verdict:
    for number, person in enumerate(people):
        if person not in known or person in people[:number]:
            return Unmet(pointer=f"{pointer}/{number}")
    return True


@rule("VALIDATION_FAILED", "Each criterion is numbered once.")
def criteria_are_distinct(s: Walk, e: forms.SetWalkFocus, ctx: Ctx) -> Verdict:
    """No two criteria have the same number."""
    del s, ctx
    ids = [criterion.id for criterion in e.criteria]
    return True if len(set(ids)) == len(ids) else Unmet(pointer="/criteria")


@rule("VALIDATION_FAILED", "This is not a criterion of the walk.")
def criterion_is_known(s: Walk, e: forms.RecordNote, ctx: Ctx) -> Verdict:
    """The note is about one of the agreed criteria."""
    del ctx
    known = any(criterion.id == e.criterion_id for criterion in s.criteria)
    return True if known else Unmet(pointer="/criterion_id")


@rule("VALIDATION_FAILED", "A count says how many.")
def count_is_given(s: Walk, e: forms.RecordNote, ctx: Ctx) -> Verdict:
    """A note of kind count has a number."""
    del s, ctx
    return e.kind != NoteKind.COUNT or e.count is not None or Unmet(pointer="/count")


@rule("VALIDATION_FAILED", "Somebody who does not walk has no walk role.")
def person_walks(s: Walk, e: forms.AssignWalkRole, ctx: Ctx) -> Verdict:
    """Walk roles are given to walkers."""
    del ctx
    return True if e.person in s.team() else Unmet(pointer="/person")


@rule("VALIDATION_FAILED", "Say what they look at if, and only if, it is something else.")
def custom_role_is_told(s: Walk, e: forms.AssignWalkRole, ctx: Ctx) -> Verdict:
    """A custom role has words, and no other has."""
    del s, ctx
    fits = (e.walk_role == WalkRole.CUSTOM) == (e.custom is not None)
    return True if fits else Unmet(pointer="/custom")


@rule("VALIDATION_FAILED", "A noticing or a wondering says something; nothing to add does not.")
def share_says_what_it_is(s: Walk, e: forms.ShareInCorridor, ctx: Ctx) -> Verdict:
    """Words come with a noticing or a wondering, and only with them."""
    del s, ctx
    fits = (e.kind == ShareKind.NOTHING_TO_ADD) == (e.text is None)
    return True if fits else Unmet(pointer="/text")


@rule("VALIDATION_FAILED", "This is not a note of that visit.")
def share_cites_this_visit(s: Walk, e: forms.ShareInCorridor, ctx: Ctx) -> Verdict:
    """A share rests on notes of its own visit that the actor may read."""
    for number, id_ in enumerate(e.note_ids):
        if not s.may_cite(ctx.actor, id_) or s.notes[id_].visit != e.visit_no:
            return Unmet(pointer=f"/note_ids/{number}")
    return True


@rule("VALIDATION_FAILED", "This is not a note that you can read.")
def cited_notes_are_readable(s: Walk, e: pooling.RecordOutcome, ctx: Ctx) -> Verdict:
    """An outcome rests on notes that the actor may read."""
    for number, id_ in enumerate(e.note_ids):
        if not s.may_cite(ctx.actor, id_) or id_ in e.note_ids[:number]:
            return Unmet(pointer=f"/note_ids/{number}")
    return True


@rule("VALIDATION_FAILED", "Somebody, or some role, sees to it: one of the two.")
def step_has_an_owner(s: Walk, e: pooling.RecordNextStep, ctx: Ctx) -> Verdict:
    """A next step has one owner: a role, or a person of the alliance."""
    del s
    if (e.owner is None) == (e.owner_role is None):
        return Unmet(pointer="/owner_role")
    if e.owner is not None and not around.alliance(ctx).present(e.owner, ctx.now):
        return Unmet(pointer="/owner")
    return True


@rule("VALIDATION_FAILED", "This is not an outcome of this walk.")
def outcomes_are_known(s: Walk, e: pooling.ShareOutcomes, ctx: Ctx) -> Verdict:
    """What is shared was recorded."""
    del ctx
    for number, id_ in enumerate(e.outcome_ids):
        if id_ not in s.outcomes or id_ in e.outcome_ids[:number]:
            return Unmet(pointer=f"/outcome_ids/{number}")
    return True
