"""What leaders and coordinators of the schools that take part read of an enquiry, and what not."""

import pytest
from tests.kernel.enquiry.group import (
    CHOICE,
    MEMBERS,
    TRIED,
    agreed,
    launched,
    measured,
    proposes,
    rows,
)
from tests.kernel.enquiry.group import responds as answers
from tests.kernel.enquiry.test_progress import asks, responds
from tests.kernel.valley import ASHLOW, BECK_ROAD, HERE, VALLEY, around_runs, joins, state, who

from enquiry.method.rules import Reject
from enquiry.method.visible import acts, knows
from enquiry.testing import harness, named

OPEN = {"adopted-decisions", "overviews", "measures"}
READ = {
    "decision-proposed",
    "proposal-revised",
    "decision-adopted",
    "overview-row-recorded",
    "measure-defined",
    "baseline-recorded",
    "reading-recorded",
}


def beside(told):
    """The same, where Rosa leads Ashlow, Amina leads Beck Road and Kelly coordinates learning for
    Ashlow; none of them is a member."""
    alliance = joins(joins(VALLEY, "Rosa", ASHLOW, "leader"), "Amina", BECK_ROAD, "leader")
    alliance = joins(alliance, "Kelly", ASHLOW, "teacher")
    task = {"school": str(ASHLOW), "capacity": "cpd_lead", "people": [who("Kelly")]}
    here = alliance.who("Nasreen").does("name-capacity", task).then()
    told = told.settled()
    others = {**told.stream.others, HERE: state(here)}
    return told.but(stream=told.stream.but(world=around_runs(here), others=others))


def opens(told, name):
    """Names of the views for which somebody may ask."""
    told = told.settled()
    return {view.name for view in harness.views(told.stream, told.person(name), told.now)}


def decided():
    told = agreed(launched(), "method_choice", method_choice=CHOICE, experience=TRIED)
    told = proposes(told, "recommendation", statement="Still talked about")
    told = answers(told, "Petra", "recommendation", "object", note="Too early for us")
    return beside(rows(measured(told), "Petra", individual_priority="Short answers"))


def test_leaders_and_coordinators_open_what_was_decided_the_overviews_and_the_measures():
    told = decided()
    assert opens(told, "Rosa") == OPEN | {"school-progress"}
    assert opens(told, "Kelly") == OPEN
    for name in ("Declan", "Pip"):
        assert opens(told, name) == set()


def test_leaders_of_a_school_that_takes_no_part_know_nothing_of_it():
    told = decided()
    elsewhere = told.live.state.but(schools=(BECK_ROAD,))
    live = told.live.but(state=elsewhere)
    told = told.but(stream=told.stream.but(live=live))
    for name in ("Rosa", "Kelly"):
        viewer = told.stream.viewer(told.person(name), told.now)
        assert not knows(told.stream.compiled, live, viewer)
    assert opens(told, "Amina") == OPEN | {"school-progress"}


@pytest.mark.parametrize("name", ["Rosa", "Kelly", "Amina"])
def test_what_is_done_in_it_is_as_absent_to_them_as_to_anybody_outside(name):
    told = decided()
    compiled, live = told.stream.compiled, told.live
    viewer = told.stream.viewer(told.person(name), told.now)
    add = compiled.move("add-evidence")
    assert knows(compiled, live, viewer)
    assert not acts(compiled, live, viewer, add)
    member = told.stream.viewer(told.person("Petra"), told.now)
    assert acts(compiled, live, member, add)


@pytest.mark.parametrize("name", ["Rosa", "Kelly"])
def test_they_read_facts_of_nothing_else_and_never_who_it_was(name):
    told = decided()
    read = told.reads(name)
    assert {fact["kind"] for fact in read} <= READ
    assert {fact["by"] for fact in read} == {None}
    assert len(read) == 5
    assert {fact["kind"] for fact in read} >= {"overview-row-recorded", "baseline-recorded"}


def test_of_decisions_they_read_what_was_adopted_and_nothing_of_how():
    told = decided()
    (shown,) = told.view("adopted-decisions", "Rosa")["decisions"]
    assert shown["content"].keys() == {"method_choice"}
    assert CHOICE.items() <= shown["content"]["method_choice"].items()
    assert shown.keys() == {"id", "kind", "cycle", "adopted_at", "content"}
    (proposal,) = (f for f in told.reads("Rosa") if f["kind"] == "decision-proposed")
    assert "experience" not in proposal["data"]
    assert "Still talked about" not in str(told.reads("Rosa"))


def test_of_a_decision_that_was_revised_they_read_the_words_that_were_adopted():
    told = proposes(launched(), "recommendation", statement="The first words")
    revised = {"proposal": str(named("recommendation")), "statement": "The last words"}
    told = told.who("Grace").does("revise-proposal", revised)
    for name in ("Judith", "Petra", "Hamish"):
        told = answers(told, name, "recommendation", version=2)
    adopt = {"proposal": str(named("recommendation"))}
    told = beside(told.who("Grace").does("adopt-proposal", adopt).then())
    read = {fact["kind"]: fact["data"] for fact in told.reads("Kelly")}
    assert read.keys() == {"proposal-revised", "decision-adopted"}
    assert read["proposal-revised"]["statement"] == "The last words"
    (shown,) = told.view("adopted-decisions", "Kelly")["decisions"]
    assert shown["content"] == {"statement": "The last words"}


def test_they_read_the_row_of_every_school():
    told = decided()
    for name in ("Rosa", "Kelly", "Amina"):
        first = told.view("overviews", name)["overviews"][0]
        assert [row["cells"] for row in first["rows"]] == [{"individual_priority": "Short answers"}]


@pytest.mark.parametrize(("size", "told_of"), [(None, 0), (4, 0), (5, 1)])
def test_a_measure_that_may_be_of_fewer_than_five_stays_with_the_group(size, told_of):
    told = beside(measured(launched(), population_size=size))
    for name in ("Rosa", "Kelly"):
        assert len(told.view("measures", name)["measures"]) == told_of
        assert len(told.reads(name)) == 2 * told_of
    assert len(told.view("measures", "Tom")["measures"]) == 1


def of_ashlow(told, name="Rosa"):
    return [
        (one["responded"], {item["item"]: item["counts"] for item in one["items"]}["impl_5"])
        for one in told.view("school-progress", name)["rounds"]
    ]


def closed(told):
    form = {"assessment": str(named("round"))}
    return beside(told.who("Ines").does("close-progress-assessment", form))


def answered(count, *elsewhere):
    told = asks(launched())
    for name in MEMBERS[:count]:
        told = responds(told, name, 4, school=ASHLOW)
    for name in elsewhere:
        told = responds(told, name, 2, school=BECK_ROAD)
    return told


def test_a_leader_sees_how_many_of_the_own_school_gave_which_answer():
    told = closed(answered(5))
    assert of_ashlow(told) == [(5, [0, 5, 0, 0, 0])]
    assert of_ashlow(told, "Amina") == [(None, None)]
    with pytest.raises(Reject) as refused:
        told.view("school-progress", "Kelly")
    assert refused.value.code == "NOT_FOUND"


def test_fewer_than_five_at_the_school_or_at_all_others_are_not_told():
    assert of_ashlow(closed(answered(4))) == [(None, None)]
    assert of_ashlow(closed(answered(5, "Ines"))) == [(None, None)]


def test_a_school_sees_its_assessment_once_nothing_can_be_added():
    told = beside(answered(5))
    assert of_ashlow(told) == []
    assert of_ashlow(told.time_passes("2027-03-19 20:00")) == []
    assert of_ashlow(told.time_passes("2027-03-20 09:00")) == [(5, [0, 5, 0, 0, 0])]


def test_a_leader_who_takes_part_reads_as_a_member_does():
    told = decided()
    assert OPEN | {"decisions", "school-progress", "progress"} <= opens(told, "Judith")
    assert "Still talked about" in str(told.reads("Judith"))
