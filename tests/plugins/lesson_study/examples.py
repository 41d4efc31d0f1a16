"""The moments of a lesson study from which its stories go on."""

from typing import Any

from tests.plugins.lesson_study.school import BECK_ROAD, GROUP, beck_road

from enquiry.testing import Story, World, given, named, person
from enquiry_lesson_study import METHOD
from enquiry_lesson_study.state import Lesson, Study

PLAN = {"purpose": "professional_development", "title": "Fractions", "school": str(BECK_ROAD)}
FOCUS = {
    "need": "Pupils who rely on counting compare fractions by counting pieces",
    "data_refs": ["autumn test items 14 to 17"],
    "statement": "improve the way we teach comparing fractions to pupils who rely on counting",
}
FINDING = {
    "source": "A paper on fair sharing",
    "summary": "Folding lets pupils see equal parts.",
    "implication": "Let them fold before they count.",
}
V1 = {"version": 1}
NAMED = {"A": "Jonah Webb", "B": "Maisie Okoro", "C": "Amir Haddad"}
GROUPS = {"A": "secure", "B": "middle", "C": "counts on fingers"}
STAGES = (("launch", 10), ("paper strips", 15), ("explain to a partner", 35))
CELLS = tuple((stage, label) for stage in (1, 2, 3) for label in "ABC")
NOTICE = {"basis": "school_task_with_notice", "statement_version": 1}
PARENTS = {"basis": "consent", "statement_version": 1, "given_by": "parent_carer"}


def the(*names: str) -> list[str]:
    """Ids of people."""
    return [str(person(name)) for name in names]


def planned(world: World | None = None, **params: Any) -> Story:
    """Petra has planned a study on a Tuesday in November."""
    plan = {**PLAN, "params": params} if params else PLAN
    return (
        given(METHOD, world or beck_road(), at="2026-11-17 15:45")
        .who("Petra")
        .does("plan-run", plan)
    )


def everybody(story: Story, kind: str, body: dict[str, Any] | None = None) -> Story:
    """Each of the three does the same."""
    for name in GROUP:
        story = story.who(name).does(kind, body)
    return story


def joined(story: Story | None = None, **params: Any) -> Story:
    """Kelly and Declan have accepted."""
    story = (story or planned(**params)).does("form-group", {"members": the(*GROUP)})
    for name in ("Kelly", "Declan"):
        story = story.who(name).does("accept-run-invitation")
    return story


def invites(story: Story, name: str, role: str) -> Story:
    """Petra invites somebody, who accepts."""
    story = story.who("Petra").does("invite-to-run", {"person": str(person(name)), "role": role})
    return story.who(name).does("accept-run-invitation")


def focused(story: Story | None = None, **params: Any) -> Story:
    """The protocol is adopted, the focus is set, and Mei advises."""
    story = everybody(joined(story, **params), "adopt-protocol", V1)
    story = invites(story, "Mei", "knowledgeable-other")
    return story.who("Petra").does("set-research-focus", FOCUS)


def chosen(story: Story, labels: str = "ABC", *, known: bool = False) -> Story:
    """Petra chooses case pupils, and enters them in the register unless they are ``known``."""
    pupils = [
        {
            "label": label,
            "learner_group": GROUPS.get(label, "joined late"),
            **({} if known else {"real_identity": NAMED.get(label, "Rhys Penn")}),
        }
        for label in labels
    ]
    return story.who("Petra").does("choose-case-pupils", {"pupils": pupils})


def consented(story: Story, labels: str, *purposes: str, **basis: Any) -> Story:
    """Petra records consent for some pupils."""
    for label in labels:
        body = {**(basis or NOTICE), "purposes": purposes, "pupil_label": label}
        story = story.who("Petra").does("record-consent", body)
    return story


def studied(story: Story | None = None, **params: Any) -> Story:
    """There is a finding, and three case pupils whom people may observe and interview."""
    story = (story or focused(**params)).who("Mei").does("record-study-finding", FINDING)
    story = consented(chosen(story), "ABC", "be_observed")
    return consented(story, "ABC", "be_interviewed", **PARENTS)


def draft(*minutes: int, starts_at: str | None = "2027-01-12T09:15:00Z") -> dict[str, Any]:
    """The form of a plan."""
    stages = [
        {"title": title, "minutes": minutes[n] if minutes else usual, "teacher_activity": "asks"}
        for n, (title, usual) in enumerate(STAGES)
    ]
    return {
        "subject": "mathematics",
        "class_name": "4N",
        "starts_at": starts_at,
        "objective": "compare fractions",
        "technique": "fold before you count",
        "stages": stages,
        "success_criteria": ["most compare two halves"],
    }


def prediction(stage: int, label: str, text: str = "Will fold again and count") -> dict[str, Any]:
    """The form of a prediction."""
    return {"stage_no": stage, "pupil_label": label, "text": text}


def drafted(story: Story | None = None, starts_at: str | None = "2027-01-12T09:15:00Z") -> Story:
    """Petra has drafted the plan of the lesson."""
    return (story or studied()).who("Petra").does("draft-plan", draft(starts_at=starts_at))


def predicted(story: Story | None = None, *without: tuple[int, str], labels: str = "ABC") -> Story:
    """Every cell is predicted, but for some; every case pupil has a success criterion."""
    story = (story or drafted()).who("Kelly")
    for stage, label in ((stage, label) for stage in (1, 2, 3) for label in labels):
        if (stage, label) not in without:
            story = story.does("set-prediction", prediction(stage, label))
    for label in labels:
        body = {"pupil_label": label, "text": "says why the parts are the same"}
        story = story.does("set-success-criterion", body)
    return story


def version(story: Story) -> dict[str, int]:
    """The version of the plan that there is."""
    return {"version": lesson_of(story).version}


def state_of(story: Story) -> Study:
    """The study as it stands."""
    found = story.live.state
    assert isinstance(found, Study)
    return found


def lesson_of(story: Story) -> Lesson:
    """The research lesson that was planned last."""
    found = state_of(story).lesson
    assert found is not None
    return found


def approved(story: Story | None = None) -> Story:
    """All three approve the plan as it is."""
    story = story or predicted()
    return everybody(story, "approve-plan", version(story))


def assigned(story: Story, teacher: str = "Petra", **pupils: str) -> Story:
    """Somebody teaches; ``pupils`` says who observes whom."""
    story = story.who("Petra").does("assign-teacher", {"person": str(person(teacher))})
    for name, labels in (pupils or {"Kelly": "AB", "Declan": "C"}).items():
        body = {"person": str(person(name)), "pupils": list(labels)}
        story = story.does("assign-observer", body)
    return story


def locked(story: Story | None = None) -> Story:
    """The plan is locked; Petra teaches, Kelly observes A and B, Declan C."""
    story = assigned(story or approved())
    return story.who("Petra").does("lock-plan", version(story))


def begun(story: Story | None = None, at: str = "2027-01-12 09:15") -> Story:
    """The lesson has begun."""
    return (story or locked()).who("Petra").does("begin-lesson").at(at)


def seen(stage: int, label: str, lesson_no: int = 1, **more: Any) -> dict[str, Any]:
    """The form of an observation."""
    return {
        "lesson_no": lesson_no,
        "stage_no": stage,
        "pupil_label": label,
        "text": f"{label} folded in four and coloured two parts",
        "evidence_kind": "did",
        "match": "as_predicted",
        **more,
    }


def observed(story: Story | None = None, lesson_no: int = 1, **who: str) -> Story:
    """Something was seen of each case pupil at each stage."""
    story = story or begun()
    for name, labels in (who or {"Kelly": "AB", "Declan": "C"}).items():
        for label in labels:
            for stage in (1, 2, 3):
                called = f"seen-{lesson_no}-{stage}-{label}"
                story = story.who(name).does(
                    "record-observation", seen(stage, label, lesson_no), called=called
                )
    return story


def taught(story: Story | None = None, at: str = "2027-01-12 10:15") -> Story:
    """The lesson has ended."""
    return (story or observed()).who("Petra").does("end-lesson").at(at)


def agreed(story: Story, labels: str = "BC") -> Story:
    """Pupils agree to be interviewed."""
    for label in labels:
        body = {"pupil_label": label, "purpose": "be_interviewed", "agrees": True}
        story = story.who("Kelly").does("record-assent", body)
    return story


def talk(*labels: str, lesson_no: int = 1, minutes: int = 4, **more: Any) -> dict[str, Any]:
    """The form of an interview."""
    said = {"learned": "Two quarters are a half.", **more}
    return {"lesson_no": lesson_no, "pupils": list(labels), "minutes": minutes, **said}


def interviewed(story: Story | None = None, lesson_no: int = 1) -> Story:
    """B was interviewed."""
    story = agreed(story or taught(), "B")
    quotes = [{"pupil_label": "B", "text": '"both bits match"'}]
    body = talk("B", lesson_no=lesson_no, quotes=quotes)
    return story.who("Kelly").does("record-interview", body, called=f"talk-{lesson_no}")


def opening(moderator: str = "Declan", recorder: str = "Kelly", *present: str) -> dict[str, Any]:
    """The form that opens a discussion."""
    return {
        "moderator": str(person(moderator)),
        "recorder": str(person(recorder)),
        "present": the(*(present or (*GROUP, "Mei"))),
    }


def discussing(
    story: Story | None = None, at: str = "2027-01-12 15:47", moderator: str = "Declan"
) -> Story:
    """The discussion is open."""
    story = (story or interviewed()).who("Petra")
    return story.does("open-discussion", opening(moderator)).at(at)


def says(section: str, label: str | None = None, lesson_no: int = 1, **more: Any) -> dict[str, Any]:
    """The form of a contribution."""
    body = {"lesson_no": lesson_no, "section": section, "text": "Folding came before counting"}
    if label is not None:
        body["pupil_label"] = label
    return {**body, **more}


def on(story: Story, *sections: str, moderator: str = "Declan") -> Story:
    """The discussion goes on."""
    for section in sections:
        story = story.who(moderator).does("advance-discussion", {"to": section})
    return story


def about_pupils(story: Story, lesson_no: int = 1, labels: str = "ABC") -> Story:
    """Something was said about each case pupil."""
    for label in labels:
        cited = [str(named(f"seen-{lesson_no}-1-{label}"))]
        body = says("pupils", label, lesson_no, observations=cited)
        story = story.who("Kelly").does("contribute", body)
    return story


JUDGED = {"progress_made": "folds first", "was_it_enough": "partly", "evidence": "their strip"}
CHANGE = {
    "aspect_of_technique": "the strips",
    "adjustment": "hide halves that are drawn already",
    "because": "they copied them",
}


def talked(story: Story | None = None, lesson_no: int = 1, moderator: str = "Declan") -> Story:
    """The discussion has come to its last section; a change for the next lesson was recorded."""
    story = on(story or discussing(), "pupils", moderator=moderator)
    story = on(about_pupils(story, lesson_no), "progress", moderator=moderator)
    for label in "ABC":
        body = {**JUDGED, "pupil_label": label}
        story = story.who("Kelly").does("record-progress-judgement", body)
    story = on(story, "patterns", "teaching", "next", moderator=moderator)
    story = story.who("Kelly").does("record-change-for-next", CHANGE, called=f"change-{lesson_no}")
    return on(story, "final", moderator=moderator)


def discussed(
    story: Story | None = None, at: str = "2027-01-12 16:41", moderator: str = "Declan"
) -> Story:
    """Mei had the last word, and the discussion is closed."""
    story = (story or talked()).who("Mei").does("give-final-comment", {"text": "Say, then write."})
    return story.who(moderator).does("close-discussion").at(at)


CARRIED = {"carried_forward": "say the comparison before writing"}
DAYS = {2: "2027-01-26", 3: "2027-02-09"}


def again(story: Story, number: int, teacher: str, discussed_on: str | None = None) -> Story:
    """One more research lesson, from its plan to the end of its discussion."""
    day = DAYS[number]
    story = story.who("Kelly").does("plan-next-lesson", CARRIED)
    story = approved(predicted(drafted(story, f"{day}T09:15:00Z")))
    observers = [name for name in GROUP if name != teacher]
    pupils = {observers[0]: "AB", observers[1]: "C"}
    story = assigned(story, teacher, **pupils)
    story = story.who("Petra").does("lock-plan", version(story))
    story = story.who(teacher).does("begin-lesson").at(f"{day} 09:15")
    story = observed(story, number, **pupils)
    story = story.who(teacher).does("end-lesson").at(f"{day} 10:15")
    moderator = observers[-1]
    after = discussed_on or day
    story = discussing(interviewed(story, number), f"{after} 15:45", moderator)
    return discussed(talked(story, number, moderator), f"{after} 16:40", moderator)


def two_lessons(story: Story | None = None) -> Story:
    """Two research lessons were discussed."""
    return again(story or discussed(), 2, "Kelly")


CYCLE = {
    "overall_progress": [{"pupil_label": label, "text": "folds first now"} for label in "ABC"],
    "what_we_learned": "Saying comes before writing.",
    "technique": "say, fold, write",
    "open_questions": ["What about thirds?"],
}


def completed(story: Story | None = None) -> Story:
    """The cycle is complete."""
    return (story or two_lessons()).who("Petra").does("complete-cycle", CYCLE)


REVIEW = {
    "names_removed": True,
    "roles_unclear": True,
    "no_unique_events": True,
    "findings": "Nothing is left that tells who it was.",
    "confirm": True,
}


def reviewed(story: Story | None = None) -> Story:
    """Whether the study could identify anybody was reviewed."""
    return (story or completed()).who("Petra").does("review-identifiability", REVIEW)
