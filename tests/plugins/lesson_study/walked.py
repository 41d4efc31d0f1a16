"""How lesson studies are walked at random: in which world, from which moments, with which forms."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

import msgspec
from tests.plugins.lesson_study.examples import (
    CHANGE,
    CYCLE,
    FOCUS,
    JUDGED,
    PLAN,
    REVIEW,
    about_pupils,
    approved,
    begun,
    completed,
    discussed,
    discussing,
    draft,
    drafted,
    focused,
    interviewed,
    invites,
    locked,
    observed,
    on,
    planned,
    predicted,
    prediction,
    reviewed,
    says,
    seen,
    studied,
    talk,
    talked,
    taught,
    two_lessons,
)
from tests.plugins.lesson_study.school import (
    DECLAN,
    ENQUIRY,
    HAMISH,
    HELEN,
    KELLY,
    MEI,
    PETRA,
    beck_road,
)

from enquiry.kernel.enquiry.state import Enquiry
from enquiry.testing import Story, World
from enquiry.testing.harness import Stream
from enquiry_lesson_study.state import Lesson, Study
from enquiry_lesson_study.state.pieces import SECTIONS, Section

Hint = Callable[[Stream, UUID], Mapping[str, Any]]

WALKERS = (PETRA, KELLY, DECLAN, MEI, HAMISH, HELEN)


def _world() -> World:
    """The group, an adviser, a colleague of another school, a head, and an enquiry."""
    here = beck_road()
    people = {name: id_ for name, id_ in here.people.items() if id_ in WALKERS}
    enquiry = Enquiry(members=WALKERS, ethics_reviewed=True)
    return msgspec.structs.replace(here, people=people, streams={**here.streams, ENQUIRY: enquiry})


WORLD = _world()


def public() -> Story:
    """A study with public lessons; Hamish is a guest."""
    return invites(studied(focused(planned(WORLD, public_lesson=True))), "Hamish", "guest")


def a_group() -> Story:
    """The group has a focus."""
    return focused(planned(WORLD))


def before_the_lock() -> Story:
    """Everything is predicted."""
    return predicted(drafted(public()))


def all_approve() -> Story:
    """Nothing is missing for the lock but who teaches."""
    return approved(before_the_lock())


def plan_stands() -> Story:
    """The plan is locked."""
    return locked(all_approve())


def in_the_lesson() -> Story:
    """The lesson has begun; Hamish observes too."""
    story = locked(all_approve())
    body = {"person": str(HAMISH), "pupils": ["A"]}
    return begun(story.who("Petra").does("assign-observer", body))


def after_the_lesson() -> Story:
    """The lesson was taught and observed, B was interviewed."""
    return interviewed(taught(observed(in_the_lesson())))


def on_pupils() -> Story:
    """The group talks about its pupils."""
    return about_pupils(on(discussing(after_the_lesson()), "pupils"))


def last_word() -> Story:
    """Only the last word is to come."""
    return talked(discussing(after_the_lesson()))


def between_lessons() -> Story:
    """One lesson was discussed."""
    return discussed(last_word())


def at_the_end() -> Story:
    """The cycle is complete, and reviewed."""
    return reviewed(completed(two_lessons(between_lessons())))


STARTS = (
    a_group,
    before_the_lock,
    all_approve,
    plan_stands,
    in_the_lesson,
    after_the_lesson,
    on_pupils,
    last_word,
    between_lessons,
    at_the_end,
)


def state(stream: Stream) -> Study:
    """The study as it stands."""
    found = stream.live.state
    assert isinstance(found, Study)
    return found


def _lesson(stream: Stream) -> Lesson:
    return state(stream).lesson or Lesson(number=1)


def _turn(stream: Stream, found: tuple[Any, ...], otherwise: Any) -> Any:
    return found[stream.live.revision % len(found)] if found else otherwise


def _label(stream: Stream) -> str:
    s = state(stream)
    return _turn(stream, s.pupils_of(s.lesson), "A")


def _always(body: Mapping[str, Any]) -> Hint:
    def same(stream: Stream, who: UUID) -> Mapping[str, Any]:
        del stream, who
        return body

    return same


def _form(stream: Stream, who: UUID) -> Mapping[str, Any]:
    del stream, who
    return {"members": [str(one) for one in (PETRA, KELLY, DECLAN)], "class_teacher": str(PETRA)}


def _invite(stream: Stream, who: UUID) -> Mapping[str, Any]:
    s = state(stream)
    free = tuple(one for one in WALKERS if one not in s.people and one not in s.invited)
    return {"person": str(_turn(stream, free, who)), "role": "member"}


def _choose(stream: Stream, who: UUID) -> Mapping[str, Any]:
    del who
    s = state(stream)
    known = [label for label in s.pupils if not s.is_withdrawn(label)]
    fresh = next(label for label in "ABCDEFGHIJ" if label not in s.pupils)
    rows: list[dict[str, Any]] = [{"label": one, "learner_group": "middle"} for one in known[:3]]
    if len(rows) < 3:
        rows.append({"label": fresh, "learner_group": "middle", "real_identity": "Rhys Penn"})
    return {"pupils": rows}


def _drafted(stream: Stream, who: UUID) -> Mapping[str, Any]:
    del who
    return draft(10, 15, 20 + stream.live.revision % 9)


def _predict(stream: Stream, who: UUID) -> Mapping[str, Any]:
    del who
    s, lesson = state(stream), _lesson(stream)
    cells = lesson.cells(s.pupils_of(lesson))
    missing = tuple(cell for cell in cells if s.predicted(lesson, cell) is None)
    stage, label = _turn(stream, missing or cells, (1, "A"))
    return prediction(stage, label)


def _criterion(stream: Stream, who: UUID) -> Mapping[str, Any]:
    del who
    return {"pupil_label": _label(stream), "text": "says why"}


def _teacher(stream: Stream, who: UUID) -> Mapping[str, Any]:
    person = _turn(stream, state(stream).members(), who)
    return {"person": str(person), "replace": True}


def _observer(stream: Stream, who: UUID) -> Mapping[str, Any]:
    s, lesson = state(stream), _lesson(stream)
    others = tuple(one for one in s.people if one != lesson.teacher)
    labels = list(s.pupils_of(lesson))
    return {"person": str(_turn(stream, others, who)), "pupils": labels}


def _version(stream: Stream, who: UUID) -> Mapping[str, Any]:
    del who
    return {"version": max(1, _lesson(stream).version)}


def _absent(stream: Stream, who: UUID) -> Mapping[str, Any]:
    del who
    return {"pupil_label": _label(stream)}


def _observe(stream: Stream, who: UUID) -> Mapping[str, Any]:
    del who
    stage = 1 + stream.live.revision % 3
    return seen(stage, _label(stream), _lesson(stream).number)


def _interview(stream: Stream, who: UUID) -> Mapping[str, Any]:
    del who
    return talk("B", lesson_no=_lesson(stream).number, minutes=1 + stream.live.revision % 8)


def _declined(stream: Stream, who: UUID) -> Mapping[str, Any]:
    del who
    return {"lesson_no": _lesson(stream).number, "pupil_label": _label(stream)}


def _open(stream: Stream, who: UUID) -> Mapping[str, Any]:
    s, lesson = state(stream), _lesson(stream)
    members = s.members()
    moderator = _turn(stream, tuple(m for m in members if m != lesson.teacher), who)
    present = [str(one) for one in s.people]
    recorder = _turn(stream, members, who)
    return {"moderator": str(moderator), "recorder": str(recorder), "present": present}


def _contribute(stream: Stream, who: UUID) -> Mapping[str, Any]:
    s, lesson = state(stream), _lesson(stream)
    held = lesson.discussion
    section = held.section if held is not None else Section.PUPILS
    if section is Section.FINAL:
        section = Section.NEXT
    label = _label(stream)
    if section not in (Section.PUPILS, Section.PROGRESS):
        return says(str(section), None, lesson.number)
    mine = [o.id for o in s.observations(lesson) if o.pupil == label]
    if not s.is_of_group(who):
        mine = [o.id for o in s.observations(lesson) if o.by == who]
        label = next((o.pupil for o in s.observations(lesson) if o.by == who), label)
    cited = [str(id_) for id_ in mine[:1]]
    return says(str(section), label, lesson.number, observations=cited)


def _advance(stream: Stream, who: UUID) -> Mapping[str, Any]:
    del who
    held = _lesson(stream).discussion
    at = SECTIONS.index(held.section) if held is not None else 0
    return {"to": str(SECTIONS[min(at + 1, len(SECTIONS) - 1)])}


def _judge(stream: Stream, who: UUID) -> Mapping[str, Any]:
    del who
    return {**JUDGED, "pupil_label": _label(stream)}


def _complete(stream: Stream, who: UUID) -> Mapping[str, Any]:
    del who
    s = state(stream)
    labels = [label for label in s.described if not s.is_withdrawn(label)]
    rows = [{"pupil_label": label, "text": "folds first"} for label in labels]
    return {**CYCLE, "overall_progress": rows or [{"learner_group": "all", "text": "folds first"}]}


def _consent(stream: Stream, who: UUID) -> Mapping[str, Any]:
    del stream, who
    day = {"statement_version": 1, "valid_until": "2027-08-31"}
    return {"purposes": ["participate"], "basis": "consent", **day}


def _assent(stream: Stream, who: UUID) -> Mapping[str, Any]:
    del who
    return {"pupil_label": _label(stream), "purpose": "be_interviewed", "agrees": True}


def _register(stream: Stream, who: UUID) -> Mapping[str, Any]:
    del who
    known = state(stream).pupils
    fresh = next(label for label in ("P", "Q", "R", "S", "T", "U", "V") if label not in known)
    return {"label": fresh, "real_identity": "Rhys Penn"}


def _share(stream: Stream, who: UUID) -> Mapping[str, Any]:
    s = state(stream)
    mine = [id_ for id_, one in s.findings.items() if one.by == who]
    for lesson in s.lessons:
        mine += [one.id for one in lesson.observations if one.by == who]
    return {"item": str(mine[-1] if mine else who), "audience": "group"}


def _take_back(stream: Stream, who: UUID) -> Mapping[str, Any]:
    s, lesson = state(stream), _lesson(stream)
    own = (*s.contributions(lesson), *s.observations(lesson), *s.interviews(lesson))
    return {"contribution": str(_turn(stream, tuple(o.id for o in own if o.by == who), who))}


def _evidence(stream: Stream, who: UUID) -> Mapping[str, Any]:
    s = state(stream)
    waiting = [id_ for id_, p in s.proposals.items() if p.by != who]
    if waiting:
        return {"confirms": str(waiting[-1])}
    held = [lesson.discussion for lesson in s.lessons if lesson.discussion is not None]
    known = [one.id for one in held for one in one.adjustments]
    item = {
        "output": str(known[0] if known else who),
        "text": "Pupils fold before they count.",
        "collection_method": "observation",
        "respondents": "pupils",
        "level": "student",
    }
    return {"items": [item]}


def _certificate(stream: Stream, who: UUID) -> Mapping[str, Any]:
    s = state(stream)
    earned = [person for person in s.people if s.certificate(person) is not None]
    return {"person": str(earned[0] if earned else who)}


BODIES: Mapping[str, Hint] = {
    "plan-run": _always(PLAN),
    "form-group": _form,
    "invite-to-run": _invite,
    "set-research-focus": _always(FOCUS),
    "choose-case-pupils": _choose,
    "draft-plan": _drafted,
    "edit-plan": _drafted,
    "set-prediction": _predict,
    "set-success-criterion": _criterion,
    "assign-teacher": _teacher,
    "assign-observer": _observer,
    "approve-plan": _version,
    "lock-plan": _version,
    "mark-case-pupil-absent": _absent,
    "record-observation": _observe,
    "record-interview": _interview,
    "record-pupil-declined": _declined,
    "open-discussion": _open,
    "contribute": _contribute,
    "advance-discussion": _advance,
    "record-progress-judgement": _judge,
    "record-change-for-next": _always(CHANGE),
    "plan-next-lesson": _always({"carried_forward": "say it first"}),
    "complete-cycle": _complete,
    "share-study": _always({"audience": "alliance", "artefacts": ["matrix", "technique"]}),
    "review-identifiability": _always(REVIEW),
    "record-consent": _consent,
    "record-assent": _assent,
    "register-pupil": _register,
    "share-item": _share,
    "retract-contribution": _take_back,
    "publish-run-evidence": _evidence,
    "issue-certificate": _certificate,
    "link-run": _always({"enquiry": str(ENQUIRY)}),
}
