"""From one lesson to the next, to the end of the cycle, and beyond the group."""

from typing import Any

from enquiry import Ctx, Unmet, Verdict, guard, rule
from enquiry.kernel.identifiability import Audience as Readers
from enquiry.kernel.run.pupil_rules import consents_for, pupil_has_not_withdrawn
from enquiry.kernel.run.reviewing import missing as readers_missing
from enquiry.kernel.run.rules import released
from enquiry.kernel.run.state import ConsentPurpose
from enquiry_lesson_study.forms import cycle as forms
from enquiry_lesson_study.state import TAKING_PART, Study
from enquiry_lesson_study.state.pieces import Artefact, Audience
from enquiry_lesson_study.state.study import LESSONS_LEAST, SHARES

# LS-E15: one lesson after the other


@guard(
    "PREVIOUS_LESSON_OPEN",
    "Discuss this research lesson to the end before the next is planned.",
    source="LS-E15",
)
def last_lesson_is_discussed(s: Study, ctx: Ctx) -> bool:
    """The last lesson has been discussed."""
    del ctx
    return s.lesson is None or s.lesson.discussed


@rule("CARRY_FORWARD_REQUIRED", "Say what you carry forward from this lesson.", source="LS-E15")
def carries_forward(s: Study, e: forms.PlanNextLesson, ctx: Ctx) -> Verdict:
    """Something is carried forward."""
    del s, ctx
    return True if e.carried_forward is not None else Unmet(pointer="/carried_forward")


# LS-E16: the end of the cycle


@guard(
    "PREVIOUS_LESSON_OPEN",
    "A research lesson is under way: discuss it to the end first.",
    source="LS-E16",
)
def no_lesson_is_under_way(s: Study, ctx: Ctx) -> bool:
    """No lesson stands between the lock of its plan and the end of its discussion."""
    del ctx
    return s.lesson is None or not s.lesson.locked or s.lesson.discussed


@guard("CYCLE_TOO_SHORT", "A cycle has two discussed research lessons at least.", source="LS-E16")
def cycle_is_long_enough(s: Study, ctx: Ctx) -> Verdict:
    """Two lessons were discussed."""
    del ctx
    found = len(s.discussed())
    return True if found >= LESSONS_LEAST else Unmet(params={"lessons": found})


def _labels(s: Study, e: forms.CompleteCycle) -> tuple[str, ...]:
    del s
    return tuple(row.pupil_label for row in e.overall_progress if row.pupil_label is not None)


told_pupils_take_part = pupil_has_not_withdrawn(_labels, *TAKING_PART)
"""LS-E16c: nothing new about a pupil who was withdrawn."""


@rule("VALIDATION_FAILED", "Each row is about a case pupil, or about a group of learners.")
def rows_are_about_somebody(s: Study, e: forms.CompleteCycle, ctx: Ctx) -> Verdict:
    """One of the two, and the pupil was one of the case pupils."""
    del ctx
    for n, row in enumerate(e.overall_progress):
        one = (row.pupil_label is None) != (row.learner_group is None)
        known = row.pupil_label is None or row.pupil_label in s.described
        if not one or not known:
            return Unmet(pointer=f"/overall_progress/{n}")
    return True


# LS-E18: beyond the group


@guard(
    "IDENTIFIABILITY_NOT_REVIEWED",
    "Review first whether what is shared could identify anybody.",
    source="LS-E18",
)
def study_was_reviewed(s: Study, ctx: Ctx) -> bool:
    """A review was confirmed after the cycle was completed."""
    del ctx
    return s.cycle is None or s.cycle.revision < s.reviewed_at


READERS = {Audience.STAFF: Readers.SCHOOL, Audience.ALLIANCE: Readers.ALLIANCE}
"""For whom it is to be read before it is shared."""


@rule(
    "IDENTIFIABILITY_NOT_REVIEWED",
    "It was reviewed for fewer readers: review it for these.",
    source="4.5",
)
def review_is_for_these_readers(s: Study, e: forms.ShareStudy, ctx: Ctx) -> bool:
    """What identifies nobody at a school may do so in the alliance."""
    del ctx
    completed = s.cycle.revision if s.cycle is not None else 0
    return readers_missing(s, READERS[Audience(e.audience)], completed) == 0


ABOUT_PUPILS = (Artefact.OBSERVATIONS, Artefact.PROGRESS)
"""What tells of single pupils; the matrix only says whether predictions came true."""


def observed_pupils(s: Study) -> tuple[str, ...]:
    """Everybody who was a case pupil of a discussed lesson and was not withdrawn."""
    return tuple(dict.fromkeys(one for lesson in s.discussed() for one in s.pupils_of(lesson)))


@rule(
    "SHARE_SCOPE_EXCEEDED", "Consent for this audience is missing for some pupils.", source="LS-E18"
)
def pupils_agreed_to_audience(s: Study, e: forms.ShareStudy, ctx: Ctx) -> Verdict:
    """Whoever is told of agreed to this audience; whoever is quoted also to being quoted."""
    audience = SHARES[Audience(e.audience)]
    told = observed_pupils(s) if set(e.artefacts) & set(ABOUT_PUPILS) else ()
    wanted = [(one, audience) for one in told]
    for one in e.quotes_of:
        wanted += [(one, audience), (one, ConsentPurpose.QUOTE_VERBATIM)]
    missing = tuple(
        {"pupil": one, "purpose": str(purpose)}
        for one, purpose in dict.fromkeys(wanted)
        if not agreed(s, one, purpose, ctx)
    )
    return Unmet(details=missing) if missing else True


def agreed(s: Study, label: str, purpose: ConsentPurpose, ctx: Any) -> bool:
    """Whether it may be shared of this pupil: consent holds today and was not taken back."""
    notice = purpose is ConsentPurpose.SHARE_SCHOOL
    gone = s.pupil_has_withdrawn(label, purpose, *TAKING_PART)
    return not gone and consents_for(s, label, purpose, ctx, notice=notice)


@rule(
    "SHARE_SCOPE_EXCEEDED", "Consent is missing of pupils on whom this rests.", source="LS-E18, 4.2"
)
def evidence_is_agreed(s: Study, e: Any, ctx: Ctx) -> Verdict:
    """Evidence that rests on what was said of a pupil needs consent for whoever will read it."""
    purpose = SHARES[Audience.STAFF if s.enquiry is None else Audience.ALLIANCE]
    pupils = dict.fromkeys(s.told_by(item.output) for item in released(s, e))
    missing = tuple(
        {"pupil": one, "purpose": str(purpose)}
        for one in pupils
        if one is not None and not agreed(s, one, purpose, ctx)
    )
    return Unmet(details=missing) if missing else True


@rule("VALIDATION_FAILED", "Say whose words: case pupils, and only where quotes are shared.")
def quoted_are_case_pupils(s: Study, e: forms.ShareStudy, ctx: Ctx) -> Verdict:
    """Pupils are named exactly where quotes are shared, and were observed."""
    del ctx
    if (Artefact.QUOTES in e.artefacts) != bool(e.quotes_of):
        return Unmet(pointer="/quotes_of")
    known = observed_pupils(s)
    strange = [n for n, label in enumerate(e.quotes_of) if label not in known]
    return Unmet(pointer=f"/quotes_of/{strange[0]}") if strange else True
