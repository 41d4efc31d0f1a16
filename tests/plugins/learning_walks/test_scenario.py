"""A walk at Beck Road Primary from its planning to its end: how pupils use written feedback."""

import pytest
from tests.plugins.learning_walks.examples import (
    FOCUS,
    TRIAL,
    adopted,
    ids,
    note,
    planned,
    roles_given,
    sharing,
    team,
    visit,
)
from tests.plugins.learning_walks.school import BECK_ROAD, TEAM

from enquiry import Reject
from enquiry.testing import Story, named, person


def test_four_people_walk_through_three_rooms() -> None:
    story = _told(_planned())
    story = _begun(story)
    story = _third_room(_second_room(_first_room(story)))
    story = _pooled(story)
    _read_by_others(story)
    _closed(story)


def _at(time: str, day: str = "2026-11-19") -> str:
    return f"{day} {time}"


def _planned() -> Story:
    tuesday = "2026-11-03"
    story = team(planned()).who("Petra").does("set-walk-focus", FOCUS)
    story = story.at(_at("16:00", tuesday)).then("walk-focus-set")
    story = story.does("schedule-visit", visit(1, minutes=12)).at(_at("16:10", tuesday))
    story = story.refused("VISIT_LENGTH_OUT_OF_RANGE")
    story = story.does("schedule-visit", visit(1)).at(_at("16:11", tuesday))
    story = story.then("visit-scheduled", "booked", "booked")
    story = story.does("schedule-visit", visit(2, at="09:20")).at(_at("16:12", tuesday))
    story = story.refused("DEBRIEF_SLOT_MISSING")
    for number in (2, 3):
        story = story.does("schedule-visit", visit(number)).at(_at("16:13", tuesday))
        story = story.then("visit-scheduled", "booked", "booked")
    return roles_given(story.at(_at("16:15", tuesday)), "Petra", "Tom", "Hamish")


def _told(story: Story) -> Story:
    story = story.who("Petra").does("notify-hosts").at("2026-11-11 12:00")
    story = story.then("hosts-notified", warns=())
    for number, host in enumerate(("Kelly", "Declan", "Anya"), start=1):
        accept = {"visit_no": number, "answer": "accept"}
        story = story.who(host).does("respond-as-host", accept).at("2026-11-12 08:00")
        story = story.then("host-accepted")
    return story


def _begun(story: Story) -> Story:
    story = adopted(story.at(_at("08:55")), *TEAM)
    assert story.live.stage == "ready"
    story = story.who("Petra").does("begin-walk").at(_at("08:55"))
    story = story.refused("ROLE_MISSING", details=({"person": str(person("Amina"))},))
    story = roles_given(story.at(_at("08:57")), "Amina").who("Petra").does("begin-walk")
    story = story.at(_at("08:57")).then("walk-begun", "started", stage="walking")
    behaviour = {"id": "c4", "text": "behaviour"}
    more = {**FOCUS, "criteria": [*FOCUS["criteria"], behaviour]}
    return story.does("set-walk-focus", more).at(_at("09:05")).refused("FOCUS_LOCKED")


def _first_room(story: Story) -> Story:
    story = story.who("Hamish").does("record-note", note(1)).at(_at("09:06"))
    story = story.refused("VISIT_NOT_OPEN")
    begin = {"visit_no": 1, "present": ids(*TEAM)}
    story = story.who("Petra").does("begin-visit", begin).at(_at("09:10")).then("visit-begun")
    said = '"I had to add a reason so I wrote because the wind pushes it."'
    first = note(1, "c1", "pupil_said", said, verbatim=True)
    story = story.who("Hamish").does("record-note", first, called="reason").at(_at("09:12"))
    story = story.then("note-recorded", warns=())
    named_host = note(1, "c2", "work_seen", "Ms Rowe had ticked 9 of 12 responses")
    story = story.who("Tom").does("record-note", named_host).at(_at("09:13"))
    story = story.refused("IDENTIFYING_TEXT", pointer="/text")
    count = note(1, "c2", "count", "9 of 12 books opened show a change in green pen", count=9)
    story = story.does("record-note", count, called="green").at(_at("09:13")).then(warns=())
    praise = note(1, "c3", "saw", "Excellent use of response time")
    story = story.who("Amina").does("record-note", praise).at(_at("09:14"))
    story = story.then("note-recorded", warns=["EVALUATIVE_LANGUAGE"])
    story = story.who("Petra").does("end-visit", {"visit_no": 1}).at(_at("09:18"))
    story = story.then("visit-ended", warns=())
    early = {"visit_no": 2, "present": ids(*TEAM)}
    story = story.does("begin-visit", early).at(_at("09:18")).refused("DEBRIEF_REQUIRED")
    for name in ("Tom", "Hamish", "Petra"):
        story = _share(story.at(_at("09:20")), name, 1)
    story = story.who("Petra").does("close-corridor", {"visit_no": 1}).at(_at("09:23"))
    amina = ({"person": str(person("Amina"))},)
    story = story.refused("DEBRIEF_SHARE_MISSING", details=amina)
    nothing = {"visit_no": 1, "kind": "nothing_to_add"}
    story = story.who("Amina").does("share-in-corridor", nothing).at(_at("09:24")).then()
    story = story.who("Petra").does("close-corridor", {"visit_no": 1}).at(_at("09:24"))
    story = story.then("corridor-closed", warns=())
    return (
        story.who("Hamish")
        .does("record-note", note(1))
        .at(_at("09:24"))
        .refused("NOTES_WINDOW_CLOSED")
    )


def _share(story: Story, name: str, number: int) -> Story:
    now = story.now
    share = {"visit_no": number, "kind": "noticing", "text": "Most began at once"}
    return story.who(name).does("share-in-corridor", share).at(now).then("corridor-share-recorded")


def _second_room(story: Story) -> Story:
    three = ("Petra", "Tom", "Hamish")
    begin = {"visit_no": 2, "present": ids(*three)}
    story = story.who("Petra").does("begin-visit", begin).at(_at("09:25")).then("visit-begun")
    story = story.who("Amina").does("record-note", note(2)).at(_at("09:27"))
    story = story.refused("NOT_PRESENT_AT_VISIT")
    sir = note(2, "c1", "pupil_said", '"Sir always tells us what to fix."', verbatim=True)
    story = story.who("Hamish").does("record-note", sir, called="sir").at(_at("09:28"))
    story = story.then("note-recorded", warns=["PUPIL_ASKED_ABOUT_TEACHER"])
    story = story.who("Petra").does("end-visit", {"visit_no": 2}).at(_at("09:33")).then(warns=())
    for name in three:
        story = _share(story.at(_at("09:36")), name, 2)
    story = story.who("Petra").does("close-corridor", {"visit_no": 2}).at(_at("09:39"))
    return story.then("corridor-closed", warns=())


def _third_room(story: Story) -> Story:
    begin = {"visit_no": 3, "present": ids(*TEAM)}
    story = story.who("Petra").does("begin-visit", begin).at(_at("09:40")).then("visit-begun")
    wrote = note(3, "c2", "work_seen", "Seven of ten drafts show a second version")
    story = story.who("Tom").does("record-note", wrote, called="drafts").at(_at("09:45")).then()
    story = story.who("Petra").does("end-visit", {"visit_no": 3}).at(_at("09:53"))
    story = story.then("visit-ended", warns=["VISIT_LENGTH_ACTUAL"])
    for name in TEAM:
        story = _share(story.at(_at("09:56")), name, 3)
    story = story.who("Petra").does("close-corridor", {"visit_no": 3}).at(_at("09:59"))
    story = story.then("corridor-closed", warns=())
    return story.does("end-walk").at(_at("09:59")).then("walk-ended", stage="pooling")


def _pooled(story: Story) -> Story:
    pattern = {
        "kind": "pattern",
        "text": "Pupils can repeat the feedback; fewer can say why it helps",
    }
    story = story.who("Tom").does("record-outcome", pattern).at(_at("10:10"))
    story = story.refused("OUTCOME_NEEDS_EVIDENCE")
    notes = [str(named("reason")), str(named("drafts"))]
    story = story.does("record-outcome", {**pattern, "note_ids": notes}, called="pattern")
    story = story.at(_at("10:12")).then("outcome-recorded", stage="outcomes_recorded")
    question = {
        "kind": "question",
        "text": "What makes pupils start without prompting?",
        "note_ids": [str(named("sir"))],
    }
    story = story.who("Hamish").does("record-outcome", question, called="question")
    story = story.at(_at("10:14")).then("outcome-recorded")
    everything = sharing("staff", "pattern", "question")
    story = story.who("Petra").does("share-outcomes", everything).at(_at("10:15"))
    story = story.refused("OUTCOME_SINGLE_VISIT", pointer="/outcome_ids/1")
    story = story.does("close-run").at(_at("10:16")).refused("NEXT_STEPS_REQUIRED")
    story = story.who("Amina").does("record-next-step", TRIAL).at(_at("10:20"))
    story = story.then("next-step-recorded")
    story = story.who("Petra").does("share-outcomes", sharing("staff", "pattern"))
    return story.at(_at("10:20")).then("outcomes-shared", warns=["NO_HOST_VOICE"], stage="shared")


def _read_by_others(story: Story) -> None:
    seen = story.view("own-visit", by="Kelly")
    assert [one["visit_no"] for one in seen["visits"]] == [1]
    assert len(seen["visits"][0]["notes"]) == 3
    assert all(one["by"] is None for one in seen["visits"][0]["notes"])
    recorded = [fact for fact in story.reads("Kelly") if fact["kind"] == "note-recorded"]
    assert {fact["data"]["visit_no"] for fact in recorded} == {1}
    assert {fact["by"] for fact in recorded} == {None}
    with pytest.raises(Reject, match="nothing here"):
        story.view("own-visit", by="Helen")
    assert not [fact for fact in story.reads("Helen") if fact["kind"] == "note-recorded"]
    sheet = story.view("outcome-sheet", by="Helen")
    assert [item["text"][:6] for item in sheet["patterns"]] == ["Pupils"]
    assert sheet["questions"] == []
    assert [step["due"] for step in sheet["next_steps"]] == ["2026-12-11"]


def _closed(story: Story) -> None:
    items = [_evidence("observation"), _evidence("interview")]
    early = story.who("Petra").does("publish-run-evidence", {"items": items}).at(_at("10:38"))
    story = early.refused("IDENTIFIABILITY_NOT_REVIEWED")
    review = {
        "names_removed": True,
        "roles_unclear": True,
        "no_unique_events": True,
        "findings": "Two rooms of three; nothing points to one of them",
        "confirm": True,
    }
    story = story.who("Tom").does("review-identifiability", review).at(_at("10:39")).then()
    story = story.who("Petra").does("publish-run-evidence", {"items": items}, called="proposal")
    story = story.at(_at("10:40")).then("evidence-proposed")
    confirms = {"confirms": str(named("proposal"))}
    story = story.who("Tom").does("publish-run-evidence", confirms).at(_at("10:40"))
    story = story.then("evidence-published")
    story = story.who("Petra").does("close-run").at(_at("10:41"))
    story = story.then("closed", warns=(), stage="closed")
    assert story.live.state.school == BECK_ROAD


def _evidence(how: str) -> dict[str, str]:
    return {
        "output": str(named("pattern")),
        "text": "Pupils can repeat the feedback; fewer can say why it helps",
        "collection_method": how,
        "respondents": "pupils",
        "level": "student",
    }
