"""Discussing a lesson: pupils before teaching, in order, and the last word from outside."""

from uuid import UUID

from enquiry import Ctx, Rule, Unmet, Verdict, guard, rule
from enquiry.kernel.run.retracting import RetractContribution
from enquiry_lesson_study.forms import discussion as forms
from enquiry_lesson_study.state import Lesson, Study
from enquiry_lesson_study.state.pieces import SECTIONS, Discussion, Section

# LS-E10 and LS-E16b: before it opens


@rule("NOT_PERMITTED", "Whoever taught the lesson does not moderate.", source="LS-E16b")
def moderator_did_not_teach(s: Study, e: forms.OpenDiscussion, ctx: Ctx) -> bool:
    """The moderator is somebody else."""
    del ctx
    return s.lesson is None or e.moderator != s.lesson.teacher


@rule("VALIDATION_FAILED", "Only who takes part is present; no guest moderates or keeps notes.")
def present_take_part(s: Study, e: forms.OpenDiscussion, ctx: Ctx) -> Verdict:
    """Moderator and recorder are of the group and present; everybody present takes part."""
    del ctx
    for n, person in enumerate(e.present):
        known = person in s.people or person == s.lead
        if not known or person in e.present[:n]:
            return Unmet(pointer=f"/present/{n}")
    for name, person in (("moderator", e.moderator), ("recorder", e.recorder)):
        if person not in e.present or not s.is_of_group(person):
            return Unmet(pointer=f"/{name}")
    return True


@guard(
    "OBSERVATION_MISSING",
    "Before you talk, each case pupil who was there needs at least one observation.",
    source="LS-E10",
)
def everybody_was_seen(s: Study, ctx: Ctx) -> Verdict:
    """Of every case pupil who was there something was recorded that still stands."""
    del ctx
    lesson = s.lesson or Lesson(number=0)
    seen = {one.pupil for one in s.observations(lesson)}
    missing = tuple({"pupil": one} for one in s.present_pupils(lesson) if one not in seen)
    return Unmet(details=missing) if missing else True


# LS-E11: sections in order


def _now(s: Study) -> Discussion | None:
    """The discussion that is going on."""
    found = s.lesson.discussion if s.lesson is not None else None
    return found if found is not None and found.closed_at is None else None


_ORDER = "First pupils, then progress, patterns, and only then teaching. Wait for its section."


@rule("DISCUSSION_ORDER", _ORDER, source="LS-E11")
def section_is_open(s: Study, e: forms.Contribute, ctx: Ctx) -> Verdict:
    """It is said in the section that is going on."""
    del ctx
    held = _now(s)
    if held is None or held.section == e.section:
        return True
    return Unmet(params={"section": str(held.section)})


def in_section(section: Section) -> Rule:
    """The discussion is in this section."""

    @guard("DISCUSSION_ORDER", _ORDER, source="LS-E11")
    def is_in_section(s: Study, ctx: Ctx) -> Verdict:
        del ctx
        held = _now(s)
        if held is None or held.section is section:
            return True
        return Unmet(params={"section": str(held.section), "wanted": str(section)})

    return is_in_section


@guard("DISCUSSION_ORDER", "Whoever taught opens the discussion, or the moderator goes on.")
def teacher_opens(s: Study, ctx: Ctx) -> bool:
    """In the opening only the lesson's teacher speaks."""
    held, lesson = _now(s), s.lesson
    if held is None or lesson is None or held.section is not Section.OPENING:
        return True
    return lesson.teacher == ctx.actor


@guard("DISCUSSION_ORDER", "Only the knowledgeable other speaks now.", source="LS-E11")
def others_may_still_speak(s: Study, ctx: Ctx) -> bool:
    """The last section has not begun."""
    del ctx
    held = _now(s)
    return held is None or held.section is not Section.FINAL


@rule("DISCUSSION_ORDER", "Sections are held in order, each once.", source="LS-E11")
def is_next_section(s: Study, e: forms.AdvanceDiscussion, ctx: Ctx) -> Verdict:
    """It goes on to the section that follows."""
    del ctx
    held = _now(s)
    if held is None or held.section is Section.FINAL:
        return True
    following = SECTIONS[SECTIONS.index(held.section) + 1]
    return True if e.to is following else Unmet(params={"next": str(following)})


@guard("DISCUSSION_ORDER", "No section follows: close the discussion.", source="LS-E11")
def a_section_follows(s: Study, ctx: Ctx) -> bool:
    """The last section has not begun."""
    return others_may_still_speak.holds(s, ctx) is True


@guard("DISCUSSION_ORDER", "Talk about each case pupil before you go on.", source="LS-E11")
def every_pupil_was_talked_about(s: Study, ctx: Ctx) -> Verdict:
    """In the pupils section something was said about each of them of whom anything is left: what
    was taken back or withdrawn leaves nothing to start from (LS-E12)."""
    del ctx
    held, lesson = _now(s), s.lesson
    if held is None or lesson is None or held.section is not Section.PUPILS:
        return True
    talked = {c.pupil for c in s.contributions(lesson) if c.section is Section.PUPILS}
    left = {one.pupil for one in s.observations(lesson)}
    left |= {label for one in s.interviews(lesson) for label in one.pupils}
    missing = tuple({"pupil": p} for p in s.present_pupils(lesson) if p in left - talked)
    return Unmet(details=missing) if missing else True


# LS-E12: about a pupil, and from what was seen


@rule("VALIDATION_FAILED", "This is none of the case pupils of the lesson.")
def names_case_pupil(s: Study, e: forms.Contribute, ctx: Ctx) -> Verdict:
    """A pupil who is named is one of them."""
    del ctx
    known = s.pupils_of(s.numbered(e.lesson_no))
    fits = e.pupil_label is None or e.pupil_label in known
    return True if fits else Unmet(pointer="/pupil_label")


@rule("VALIDATION_FAILED", "There is no such observation or interview of this pupil for you.")
def cites_what_was_seen(s: Study, e: forms.Contribute, ctx: Ctx) -> Verdict:
    """Whatever is cited is of this lesson, of the pupil who is named, and the actor may read it."""
    lesson = s.numbered(e.lesson_no) or Lesson(number=0)
    seen = {one.id: (one.by, (one.pupil,)) for one in s.observations(lesson)}
    heard = {one.id: (one.by, one.pupils) for one in s.interviews(lesson)}
    for name, cited, known in (
        ("observations", e.observations, seen),
        ("interviews", e.interviews, heard),
    ):
        for n, id_ in enumerate(cited):
            if id_ not in known or not _fits(s, e, ctx, *known[id_]):
                return Unmet(pointer=f"/{name}/{n}")
    return True


def _fits(s: Study, e: forms.Contribute, ctx: Ctx, by: UUID, pupils: tuple[str, ...]) -> bool:
    readable = by == ctx.actor or s.is_of_group(ctx.actor)
    return readable and (e.pupil_label is None or e.pupil_label in pupils)


@rule(
    "PUPIL_REFERENCE_REQUIRED",
    "Start from a pupil: say which one, and what was seen or said.",
    source="LS-E12",
)
def starts_from_a_pupil(s: Study, e: forms.Contribute, ctx: Ctx) -> Verdict:
    """On pupils and progress a pupil is named; on pupils, something that was seen is cited too."""
    del s, ctx
    section = Section(e.section)
    if section not in (Section.PUPILS, Section.PROGRESS):
        return True
    if e.pupil_label is None:
        return Unmet(pointer="/pupil_label")
    cites = section is Section.PROGRESS or e.observations or e.interviews
    return True if cites else Unmet(pointer="/observations")


# LS-E13 and LS-E14: the last word


@guard("FINAL_COMMENT_LAST", "The final comment was the last word.", source="LS-E13")
def nobody_had_last_word(s: Study, ctx: Ctx) -> bool:
    """The final comment of the discussion that is going on has not been given."""
    del ctx
    held = _now(s)
    return held is None or held.comment is None


@guard("DISCUSSION_CLOSED", "The discussion of this lesson is closed.", source="LS-E14")
def discussion_goes_on(s: Study, ctx: Ctx) -> bool:
    """The last lesson has not been discussed to the end."""
    del ctx
    return s.lesson is None or not s.lesson.discussed


@rule("DISCUSSION_CLOSED", "The discussion of this lesson is closed.", source="LS-E14, 4.3")
def may_be_taken_back(s: Study, e: RetractContribution, ctx: Ctx) -> bool:
    """What was recorded of a lesson is taken back until its discussion is closed."""
    del ctx
    lesson = s.lesson_of(e.contribution)
    return lesson is None or not lesson.discussed


@guard("NOT_PERMITTED", "You were not present at this discussion.")
def actor_is_present(s: Study, ctx: Ctx) -> bool:
    """The actor is in the discussion that is going on."""
    held = _now(s)
    return held is None or ctx.actor in held.present
