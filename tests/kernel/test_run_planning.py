"""Every run: planned by staff, for a reason, perhaps for an enquiry; begun when it may begin."""

from uuid import UUID

import msgspec
import pytest
from tests.kernel import gathering
from tests.kernel.gathering import (
    GATHERING,
    PLAN,
    adopted,
    begun,
    ended,
    gathered,
    joins,
    kinds,
    notes,
    started,
)
from tests.kernel.valley import (
    BECK_ROAD,
    CARRICK,
    HERE,
    SERVED,
    VALLEY,
    around_runs,
    who,
)
from tests.kernel.valley import joins as comes

from enquiry.kernel.enquiry.state import Enquiry
from enquiry.kernel.run import forms
from enquiry.kernel.run.settings import More
from enquiry.testing import given, named, person

ENQUIRY = Enquiry(members=(person("Petra"), person("Grace")), facilitators=(person("Ines"),))
REVIEWED = ENQUIRY.but(ethics_reviewed=True)
REASONED = REVIEWED.but(reasons={"gathering": True})
EMPTY_OR_VAGUE = [None, "Not sure", "Don\u2019t know."]


def serving(enquiry, **plan):
    """A gathering that Petra has planned for an enquiry."""
    return begun(world=around_runs(enquiry=enquiry), enquiry=str(SERVED), **plan)


def aside(told, enquiry):
    """The story where the enquiry has moved on."""
    stream = told.settled().stream
    return told.settled().but(stream=stream.but(others={**stream.others, SERVED: enquiry}))


class Club(gathering.Gathering):
    members: tuple[UUID, ...] = (person("Petra"),)


# Planning


@pytest.mark.parametrize("name", ["Petra", "Declan", "Tom", "Amina"])
def test_whoever_works_with_a_school_plans_there_and_leads(name):
    told = given(GATHERING, around_runs()).who(name).does("plan-run", PLAN).then("planned")
    assert told.live.state.lead == person(name)


@pytest.mark.parametrize("name", ["Pip", "Rosa", "Judith", "Nasreen"])
def test_pupils_parents_and_others_do_not_plan_there(name):
    told = given(GATHERING, around_runs()).who(name).does("plan-run", PLAN)
    told.refused("NOT_PERMITTED")


def test_a_governor_who_is_a_pupil_elsewhere_plans():
    world = around_runs(comes(comes(VALLEY, "Pip", CARRICK, "pupil"), "Pip", BECK_ROAD, "governor"))
    given(GATHERING, world).who("Pip").does("plan-run", PLAN).then("planned")


@pytest.mark.parametrize(
    ("now", "works_there"), [("2026-11-12 10:59", True), ("2026-11-12 11:00", False)]
)
def test_who_works_there_is_judged_at_the_schools_own_day(now, works_there):
    world = around_runs(comes(VALLEY, "Hamish", CARRICK, "teacher", until="2026-11-13"))
    story = given(GATHERING, world, now).who("Hamish")
    told = story.does("plan-run", {**PLAN, "school": str(CARRICK)}).at(now)
    assert told.then("planned") if works_there else told.refused("NOT_PERMITTED")


def test_a_run_without_an_enquiry_needs_no_reason():
    begun().then("planned", warns=[])


@pytest.mark.parametrize("reason", EMPTY_OR_VAGUE)
def test_a_run_of_an_enquiry_without_a_reason_is_remarked(reason):
    told = serving(REVIEWED, reason=reason).then(
        "planned", "run-joined", warns=["METHOD_WITHOUT_REASON"]
    )
    assert told.warned("Petra") == told.warned("Ines") == ["METHOD_WITHOUT_REASON"]
    assert told.warned("Tom") == []


@pytest.mark.parametrize(
    ("enquiry", "reason"), [(REVIEWED, "Many rooms in one morning"), (REASONED, None)]
)
def test_the_runs_own_reason_or_the_enquirys_will_do(enquiry, reason):
    serving(enquiry, reason=reason).then("planned", "run-joined", warns=[])


def test_a_reason_given_later_ends_the_remark_and_a_vague_one_does_not():
    told = serving(REVIEWED).then(warns=["METHOD_WITHOUT_REASON"])
    told = told.does("give-reason", {"reason": "tbc"}).then("reason-given", resolves=[])
    told = told.does("give-reason", {"reason": "We see many rooms"})
    told.then("reason-given", resolves=["METHOD_WITHOUT_REASON"])


def test_a_reason_given_in_the_enquiry_later_ends_the_remark():
    told = aside(serving(REVIEWED), REASONED)
    told.time_passes("2026-11-02 09:00").then(resolves=["METHOD_WITHOUT_REASON"])


@pytest.mark.parametrize("enquiry", [str(SERVED), str(HERE), str(named("nothing"))])
def test_a_run_serves_no_enquiry_of_others_and_nothing_that_is_none(enquiry):
    world = around_runs(enquiry=Enquiry(members=(person("Grace"),)))
    told = begun(world=world, enquiry=enquiry)
    told.refused("VALIDATION_FAILED", pointer="/enquiry")


def test_a_run_that_has_members_is_no_enquiry():
    world = around_runs()
    world = msgspec.structs.replace(world, streams={**world.streams, SERVED: Club()})
    told = begun(world=world, enquiry=str(SERVED))
    told.refused("VALIDATION_FAILED", pointer="/enquiry")


def test_members_of_the_enquiry_read_the_plan_and_nothing_else():
    told = started(world=around_runs(enquiry=REASONED), enquiry=str(SERVED))
    assert kinds(notes(told, "Kelly", "a note"), "Grace") == ["planned"]
    assert kinds(started(), "Grace") == []


# Linking


def link(told, enquiry=SERVED):
    return told.who("Petra").does("link-run", {"enquiry": str(enquiry)})


def test_a_run_that_is_linked_takes_over_the_enquirys_reason():
    told = link(begun(world=around_runs(enquiry=REASONED)))
    told = told.then("linked", "run-joined", warns=[])
    assert told.live.state.enquiry == SERVED
    assert told.live.state.reasoned


def test_linking_to_an_enquiry_without_a_reason_is_remarked():
    link(begun(world=around_runs(enquiry=REVIEWED))).then(warns=["METHOD_WITHOUT_REASON"])


def test_only_the_lead_links_and_only_as_a_member_of_the_enquiry():
    told = gathered(world=around_runs(enquiry=REVIEWED.but(members=(person("Kelly"),))))
    told.who("Kelly").does("link-run", {"enquiry": str(SERVED)}).refused("NOT_PERMITTED")
    link(told).refused("VALIDATION_FAILED", pointer="/enquiry")


def test_a_run_that_has_started_is_not_linked_before_the_ethics_review():
    link(started(world=around_runs(enquiry=ENQUIRY))).refused("ETHICS_REVIEW_REQUIRED")
    link(started(world=around_runs(enquiry=REASONED))).then("linked", "run-joined")
    link(begun(world=around_runs(enquiry=ENQUIRY.but(reasons={"gathering": True})))).then(
        "linked", "run-joined"
    )


def test_nobody_learns_of_an_enquiry_by_linking():
    others = ENQUIRY.but(members=(person("Grace"),))
    told = started(world=around_runs(enquiry=others))
    link(told).refused("VALIDATION_FAILED")
    link(told, named("nothing")).refused("VALIDATION_FAILED")


def test_a_run_may_change_its_enquiry_until_something_is_published():
    told = link(begun(world=around_runs(enquiry=REASONED)))
    link(told).then("linked", "run-joined")


# Protocol and starting


def test_nobody_adopts_another_version_of_the_protocol():
    told = gathered().who("Kelly").does("adopt-protocol", {"version": 1})
    told.refused("VALIDATION_FAILED", pointer="/version", params={"now": 2})


def test_it_starts_when_everybody_in_a_core_role_has_adopted_the_protocol():
    told = adopted(gathered(), "Petra", "Kelly")
    told = told.who("Petra").does("start-run")
    missing = sorted(who(name) for name in ("Hamish", "Pip"))
    told = told.refused("PROTOCOL_NOT_ADOPTED", details=tuple({"person": p} for p in missing))
    told = adopted(told, "Hamish", "Pip").who("Petra").does("start-run")
    assert told.then("started", stage="live").live.state.started


def test_what_keeps_it_from_starting_is_told_before_anything_is_typed():
    told = adopted(gathered(), "Petra")
    assert told.may("Petra")["start-run"].code == "PROTOCOL_NOT_ADOPTED"
    assert "start-run" not in told.may("Kelly")


def test_it_does_not_start_before_the_ethics_review_of_its_enquiry():
    told = adopted(gathered(world=around_runs(enquiry=ENQUIRY), enquiry=str(SERVED), reason="Yes"))
    told = told.who("Petra").does("start-run").refused("ETHICS_REVIEW_REQUIRED")
    aside(told, REVIEWED).does("start-run").then("started")


def test_a_run_of_no_enquiry_needs_no_review():
    assert started().live.state.started


# Deviating, cancelling, closing


def test_a_deviation_needs_a_reason_and_is_read_by_those_who_keep_the_record():
    told = started().who("Petra")
    told = told.does("record-deviation", {"rule": "G1"}).refused("VALIDATION_FAILED")
    told = told.does("record-deviation", {"rule": "G1", "reason": "A fire drill"})
    told = told.then("deviation-recorded")
    assert list(told.live.state.deviations.values()) == ["G1"]
    readers = {n for n in ("Petra", "Kelly", "Pip", "Declan", "Tom") if _deviated(told, n)}
    assert readers == {"Petra", "Kelly"}


def _deviated(told, name):
    return "deviation-recorded" in kinds(told, name)


def test_only_the_lead_deviates_and_cancels():
    told = started().who("Kelly")
    form = {"rule": "G1", "reason": "A fire drill"}
    told.does("record-deviation", form).refused("NOT_PERMITTED")
    told.does("cancel-run", {"reason": "Snow"}).refused("NOT_PERMITTED")


@pytest.mark.parametrize("told", [begun(), gathered(), started()])
def test_a_run_is_cancelled_from_every_stage_and_says_why(told):
    told = told.who("Petra")
    told = told.does("cancel-run", {}).refused("VALIDATION_FAILED")
    told = told.does("cancel-run", {"reason": "Snow"}).then("cancelled", stage="cancelled")
    assert told.live.state.over_at is not None
    told.does("cancel-run", {"reason": "Snow"}).refused("RECORD_CLOSED")


def test_cancelling_decides_on_the_run():
    told = started()
    seen = told.live.revision
    told = told.who("Petra").does("record-deviation", {"rule": "G1", "reason": "Late"})
    told.does("cancel-run", {"reason": "Snow"}, if_match=seen).then("cancelled")
    told.does("cancel-run", {"reason": "Snow"}, if_match=seen + 9).refused("VERSION_CONFLICT")


CLOSED = {
    "give-reason": {"reason": "Because"},
    "invite-to-run": {"person": who("Tom"), "role": "walker"},
    "adopt-protocol": {"version": 2},
    "record-deviation": {"rule": "G1", "reason": "Late"},
    "attach-form": {"form": "f", "target": "t", "values": [{"key": "k", "value": "v"}]},
    "share-item": {"item": str(named("a note")), "audience": "group"},
    "record-consent": {
        "purposes": ["participate"],
        "basis": "consent",
        "statement_version": 1,
        "valid_until": "2027-07-31",
    },
}


@pytest.mark.parametrize("kind", CLOSED)
def test_a_closed_run_takes_nothing_more(kind):
    told = ended(notes(started(), "Petra", "a note")).who("Petra")
    told.does(kind, CLOSED[kind]).refused("RECORD_CLOSED")


# What a method may add


def test_a_method_that_forgets_to_record_a_common_move_is_stopped():
    forgetful = gathering.build(more={forms.AdoptProtocol: More(handler=lambda s, e, ctx: ())})
    told = gathered(forgetful).who("Kelly").does("adopt-protocol", {"version": 2})
    with pytest.raises(TypeError, match="does not record it"):
        told.then()


def test_a_method_that_leads_elsewhere_says_when():
    with pytest.raises(ValueError, match="say by a handler"):
        gathering.build(more={forms.AdoptProtocol: More(to=(gathering.live,))})


def test_joining_takes_place_while_the_method_says_so():
    told = joins(started(), "Tom")
    assert person("Tom") in told.live.state.people
    invite = {"person": who("Tom"), "role": "walker"}
    ended(started()).who("Petra").does("invite-to-run", invite).refused("RECORD_CLOSED")
