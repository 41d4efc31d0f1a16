"""A day of rounds at Carrick Academy, from its planning to the host's answer."""

import pytest
from tests.plugins.instructional_rounds.examples import (
    PROBLEM,
    adopted,
    agrees,
    at,
    begun,
    drafting,
    ended,
    on,
    option,
    prediction,
    present,
    reviewed_by,
    scheduled,
    steps_to,
    team,
)
from tests.plugins.instructional_rounds.school import HOSTS

from enquiry import Reject
from enquiry.testing import Story, named, person

NO = {"verdict": "no", "note": "one of several"}


def test_a_network_describes_four_classrooms_and_hands_on_what_it_found() -> None:
    story = _ready(_teamed(_published(drafting())))
    story = _observed(story)
    story = _described(story)
    story = _analysed(story)
    story = _next_level(story)
    _answered(_shared(story))


def _published(story: Story) -> Story:
    first = at("10:00", "2027-01-05")
    story = story.who("Ines").does("publish-problem", PROBLEM).at(first)
    story = story.refused("POP_NOT_HOST_OWNED")
    without = {name: value for name, value in PROBLEM.items() if name != "actionable"}
    story = story.who("Freya").does("publish-problem", without).at(first)
    story = story.refused("POP_TEST_UNANSWERED", details=({"test": "actionable"},))
    problem = {**PROBLEM, "high_leverage": NO}
    story = story.does("publish-problem", problem).at(first)
    twice = ("POP_TEST_FAILED", "POP_TEST_FAILED")
    story = story.then("problem-published", warns=twice, stage="pop_published")
    assert story.warned("Freya") == story.warned("Petra") == ["POP_TEST_FAILED"]
    return story


def _teamed(story: Story) -> Story:
    when = at("10:00", "2027-01-12")
    story = story.who("Ines").does("form-team", team(1)).at(when).then("team-formed")
    both = team(2, "Petra", "Siân", "Lewis", "Grace")
    story = story.does("form-team", both).at(when)
    story = story.refused("PERSON_DOUBLE_BOOKED", details=({"person": str(person("Grace"))},))
    story = story.does("form-team", team(2)).at(when).then("team-formed")
    story = scheduled(story).does("inform-host-teachers", {"visit_nos": [1, 2, 3, 4]})
    return story.then("host-teachers-informed", warns=())


def _ready(story: Story) -> Story:
    for number, host in enumerate(HOSTS, start=1):
        form = {"visit_no": number, "answer": "accept"}
        story = story.who(host).does("consent-as-host-teacher", form)
        story = story.at(at("08:00", "2027-01-14")).then("host-teacher-consented")
    story = adopted(story, "Freya", "Nasreen", "Grace", "Petra", "Siân", "Lewis")
    story = story.who("Nasreen").does("begin-observation", present(1)).at(at("09:00"))
    story = story.refused("PROTOCOL_NOT_ADOPTED", details=({"person": str(person("Tom"))},))
    return adopted(story, "Tom")


def _observed(story: Story) -> Story:
    story = begun(story, 1).at(at("09:01"))
    story = story.then("observation-begun", "started", stage="observing")
    story = begun(story, 3).at(at("09:02"))
    note = {
        "visit_no": 1,
        "focus": "task",
        "text": "3 worked examples copied; 22 of 27 no own step by 09:14",
    }
    story = story.who("Grace").does("write-private-note", note).at(at("09:05"))
    story = story.then("private-note-written")
    with pytest.raises(Reject, match="nothing here"):
        story.view("my-notes", by="Freya")
    assert story.view("my-notes", by="Tom")["notes"] == []
    story = ended(ended(story, 1).at(at("09:21")), 3).at(at("09:22"))
    corridor = {"visit_no": 3, "focus": "task", "text": "Sheets were filled in"}
    story = story.who("Petra").does("post-card", corridor).at(at("09:25"))
    story = story.refused("DEBRIEF_ORDER")
    story = begun(begun(story, 2).at(at("09:40")), 4).at(at("09:41"))
    story = story.who("Ines").does("open-debrief").at(at("09:50")).refused("VISITS_OUTSTANDING")
    story = ended(ended(story, 2).at(at("10:00")), 4).at(at("10:01"))
    story = story.who("Ines").does("open-debrief").at(at("10:15"))
    twice = ("FEW_CLASSROOMS_PER_TEAM", "FEW_CLASSROOMS_PER_TEAM")
    return story.then("debrief-opened", warns=twice, stage="debrief_describe")


def _post(story: Story, name: str, visit: int, focus: str, text: str, called: str = "") -> Story:
    form = {"visit_no": visit, "focus": focus, "text": text, "verbatim": text.startswith('"')}
    return story.who(name).does("post-card", form, called=called or None)


COPIED = "Pupils copied three worked examples; 22 of 27 wrote no step of their own"
SHEET = '"I don\'t know, we just fill it in" (pupil, asked what the sheet was for)'


def _described(story: Story) -> Story:
    story = _post(story, "Grace", 1, "task", "Pupils in M12 copied three examples")
    story = story.refused("IDENTIFYING_TEXT")
    story = _post(story, "Grace", 1, "task", COPIED, "copied").then("card-posted", warns=())
    story = _post(story, "Siân", 3, "pupils", SHEET, "sheet").then("card-posted", warns=())
    story = _post(story, "Lewis", 4, "teacher", "The modelling was excellent", "modelled")
    story = story.then("card-posted", warns=("EVALUATIVE_LANGUAGE",))
    story = _post(story, "Tom", 3, "task", COPIED).refused("OBSERVER_NOT_ASSIGNED")
    early = {"statement": "Tasks ask for completion", "card_ids": on("copied", "sheet")}
    story = story.who("Petra").does("create-pattern", early).refused("DEBRIEF_ORDER")
    asked = "Young people in the room asked no question about the method"
    story = _post(story, "Nasreen", 1, "pupils", asked, "silent")
    story = story.then("card-posted", warns=("MAY_IDENTIFY",))
    story = story.who("Ines").does("advance-debrief", {"to": "analyse"}).at(at("10:40"))
    return story.then("debrief-advanced", warns=(), stage="debrief_analyse")


def _analysed(story: Story) -> Story:
    statement = "Tasks ask for completion more often than for explanation"

    def pattern(*cards: str) -> dict[str, object]:
        return {"statement": statement, "card_ids": on(*cards)}

    story = story.who("Petra").does("create-pattern", pattern("copied", "modelled"))
    story = story.refused("CARD_NOT_DESCRIPTIVE", pointer="/card_ids/1")
    story = story.does("create-pattern", pattern("copied")).refused("PATTERN_NEEDS_EVIDENCE")
    story = story.does("create-pattern", pattern("copied", "sheet"), called="p1")
    story = story.then("pattern-created", warns=())
    wait = {"statement": "Pupils wait for the next example", "card_ids": on("copied", "silent")}
    story = story.who("Nasreen").does("create-pattern", wait, called="p2").then("pattern-created")
    story = agrees(story, "Siân", to="p2").refused("PATTERN_SINGLE_CLASSROOM")
    words = "The teacher solved one problem aloud, naming each decision; 4 pupils noted them"
    reword = {"card": str(named("modelled")), "text": words}
    story = story.who("Lewis").does("reword-card", reword)
    story = story.then("card-reworded", resolves=("EVALUATIVE_LANGUAGE",))
    story = agrees(story, "Nasreen").then("pattern-agreed-by-team")
    story = story.who("Ines").does("advance-debrief", {"to": "predict"})
    story = story.refused("PATTERN_NOT_AGREED")
    story = agrees(story, "Siân").then("pattern-agreed-by-team")
    story = story.who("Ines").does("advance-debrief", {"to": "predict"})
    story = story.then("debrief-advanced", stage="debrief_predict")
    statuses = [one["status"] for one in story.view("pattern-wall", by="Tom")["patterns"]]
    assert statuses == ["agreed", "parked"]
    return story


def _next_level(story: Story) -> Story:
    story = story.who("Tom").does("add-prediction", prediction())
    story = story.refused("PREDICTION_NEEDS_PATTERN")
    story = story.does("add-prediction", prediction("p1"), called="would").then("prediction-added")
    story = steps_to(story, "next_level").who("Lewis")
    week, month = option("next_week", "teachers"), option("next_month", "school_leaders")
    story = story.does("add-next-level-option", week, called="week")
    story = story.who("Grace").does("add-next-level-option", month, called="month")
    story = story.who("Ines").does("complete-debrief")
    missing = ({"horizon": "end_of_year"}, {"actor_level": "network"})
    story = story.refused("NEXT_LEVEL_INCOMPLETE", details=missing)
    year = option("end_of_year", "network")
    story = story.who("Petra").does("add-next-level-option", year, called="year")
    story = story.who("Ines").does("complete-debrief")
    return story.then("debrief-completed", warns=(), stage="debrief_done")


def _shared(story: Story) -> Story:
    story = story.who("Ines").does("share-with-host").refused("IDENTIFIABILITY_NOT_REVIEWED")
    story = reviewed_by(story, "Ines", "Hamish").then(
        "identifiability-reviewed", stage="identifiability_reviewed"
    )
    story = story.who("Ines").does("share-with-host")
    story = story.then("rounds-shared-with-host", stage="shared_with_host")
    pack = story.view("host-pack", by="Freya")
    assert [one["id"] for one in pack["patterns"]] == on("p1")
    assert [one["id"] for one in pack["predictions"]] == on("would")
    assert [one["id"] for one in pack["options"]] == on("week", "month", "year")
    assert pack["problem"]["text"] == PROBLEM["text"]
    with pytest.raises(Reject, match="nothing here"):
        story.view("debrief-board", by="Freya")
    item = {
        "item": str(named("p1")),
        "audience": "person",
        "person": str(person("Patel")),
        "about_visit": "1",
    }
    return story.who("Freya").does("share-item", item).refused("INDIVIDUAL_FEEDBACK_FORBIDDEN")


def _answered(story: Story) -> None:
    decision = {
        "option": str(named("month")),
        "decision": "adapt",
        "plan": "Department time every second week",
        "review_on": "2027-05-11",
    }
    story = story.who("Freya").does("decide-option", decision).at(at("09:00", "2027-02-09"))
    story.then("option-decided", stage="responded")
