"""Who takes part in a run: by invitation, freely, and as long as they like."""

import pytest
from tests.kernel.gathering import REVIEW, begun, ended, gathered, joins, kinds, notes, started
from tests.kernel.valley import BECK_ROAD, VALLEY, around_runs, who
from tests.kernel.valley import joins as comes

from enquiry.kernel.around import bookings_stream
from enquiry.kernel.bookings import Booking, Bookings
from enquiry.testing import named, person


def invited(told, name, role="walker"):
    return told.who("Petra").does("invite-to-run", {"person": who(name), "role": role})


def mentions(told, reader, name):
    """Kinds of the facts in which somebody finds a person, as author or by name."""
    return {
        fact["kind"]
        for fact in told.reads(reader)
        if fact["by"] == person(name) or who(name) in str(fact["data"])
    }


# Inviting


def test_whoever_is_invited_takes_part_by_accepting():
    told = invited(begun(), "Kelly").then("participant-invited")
    assert told.live.state.people == {}
    told = told.who("Kelly").does("accept-run-invitation").then("participant-joined")
    assert told.live.state.people == {person("Kelly"): ("walker",)}
    assert told.live.state.invited == {}


def test_only_the_lead_invites():
    told = gathered().who("Kelly").does("invite-to-run", {"person": who("Tom"), "role": "walker"})
    told.refused("NOT_PERMITTED")


def test_nobody_from_outside_the_alliance_is_invited():
    invited(begun(), "Zed").refused("VALIDATION_FAILED", pointer="/person")


def test_whoever_has_left_the_alliance_is_not_invited():
    world = around_runs(comes(VALLEY, "Kelly", BECK_ROAD, "teacher", until="2026-11-02"))
    invited(begun(world=world), "Kelly").refused("VALIDATION_FAILED", pointer="/person")


@pytest.mark.parametrize("role", ["lead", "host", "nobody"])
def test_nobody_is_invited_to_a_role_that_is_not_given_by_invitation(role):
    invited(begun(), "Kelly", role).refused("VALIDATION_FAILED", pointer="/role")


@pytest.mark.parametrize(("name", "role"), [("Pip", "walker"), ("Kelly", "pupil-walker")])
def test_pupils_take_part_as_pupils_and_nobody_else_does(name, role):
    invited(begun(), name, role).refused("VALIDATION_FAILED", pointer="/role")


def test_nobody_accepts_for_somebody_else_or_uninvited():
    told = invited(begun(), "Kelly")
    told.who("Tom").does("accept-run-invitation").refused("NOT_FOUND")
    told.who("Petra").does("accept-run-invitation").refused("NOT_PERMITTED")


def test_an_invitation_is_known_to_the_two_it_concerns():
    told = invited(gathered(), "Tom")
    everybody = told.stream.world.people
    found = {name for name in everybody if "participant-invited" in mentions(told, name, "Tom")}
    assert found == {"Petra", "Tom"}
    assert kinds(told, "Tom") == ["planned", "participant-invited"]


def test_once_somebody_has_joined_everybody_may_know():
    told = joins(gathered(), "Tom")
    for reader in ("Petra", "Kelly", "Pip", "Tom"):
        assert mentions(told, reader, "Tom") >= {"participant-invited", "participant-joined"}
    assert mentions(told, "Declan", "Tom") == set()


def test_joining_twice_adds_a_role_and_keeps_the_other():
    told = joins(joins(begun(), "Kelly"), "Kelly")
    assert told.live.state.people == {person("Kelly"): ("walker",)}


# Declining


def test_declining_needs_no_reason_raises_no_warning_and_leaves_no_trace():
    told = invited(gathered(), "Tom").who("Tom").does("decline-run-invitation")
    told = told.then("participant-declined", warns=[], resolves=[])
    assert person("Tom") not in {*told.live.state.people, *told.live.state.invited}
    for reader in ("Kelly", "Hamish", "Pip", "Declan"):
        assert mentions(told, reader, "Tom") == set()
    assert mentions(told, "Petra", "Tom") == {"participant-invited", "participant-declined"}


def test_whoever_declined_finds_no_run():
    told = invited(begun(), "Tom").who("Tom").does("decline-run-invitation").then()
    told.does("accept-run-invitation").refused("NOT_FOUND")
    assert told.may("Tom") == {}


def test_a_later_lead_does_not_learn_who_declined():
    told = invited(gathered(), "Tom").who("Tom").does("decline-run-invitation")
    told = told.who("Petra").does("leave-run").then()
    assert told.live.state.lead == person("Kelly")
    assert mentions(told, "Kelly", "Tom") == set()


def test_whoever_declined_may_be_asked_again():
    told = invited(begun(), "Tom").who("Tom").does("decline-run-invitation")
    assert person("Tom") in joins(told, "Tom").live.state.people


# Leaving


def test_leaving_needs_no_reason_and_keeps_what_was_contributed():
    told = notes(started(), "Kelly", "a note").who("Kelly").does("leave-run")
    told = told.then("participant-left", warns=[])
    assert person("Kelly") not in told.live.state.people
    assert "noted" in kinds(told, "Petra")
    assert person("Kelly") not in told.live.state.adopted


def test_whoever_left_reads_what_is_theirs_and_nothing_else():
    told = notes(notes(started(), "Kelly", "hers"), "Petra", "not hers")
    told = told.who("Kelly").does("leave-run")
    own = [fact for fact in told.reads("Kelly") if fact["kind"] == "noted"]
    assert [fact["by"] for fact in own] == [person("Kelly")]
    told.who("Kelly").does("note", {"about": who("Declan"), "text": "x"}).refused("NOT_PERMITTED")


def test_when_the_lead_leaves_whoever_joined_first_leads():
    told = started().who("Petra").does("leave-run").then()
    assert told.live.state.lead == person("Kelly")
    told.who("Petra").does("cancel-run", {"reason": "x"}).refused("NOT_PERMITTED")
    told.who("Kelly").does("cancel-run", {"reason": "x"}).then("cancelled")


def test_whoever_led_alone_leaves_nobody_behind():
    assert begun().who("Petra").does("leave-run").live.state.lead is None


def test_leaving_is_possible_after_the_end_and_does_not_open_the_run_again():
    # The method would go on to its live stage when somebody leaves.
    assert started().who("Kelly").does("leave-run").then().live.stage == "live"
    told = ended(started()).who("Kelly").does("leave-run").then("participant-left", stage="closed")
    assert told.live.state.former == (person("Kelly"),)


def test_whoever_comes_back_is_no_longer_of_those_who_left():
    told = joins(gathered().who("Kelly").does("leave-run"), "Kelly")
    assert told.live.state.former == ()
    assert told.live.state.holders("walker") == (person("Hamish"), person("Kelly"))


# Pupils


def test_pupils_read_nothing_that_staff_keep_among_themselves():
    told = notes(started(), "Petra", "a note").who("Petra")
    told = told.does("record-deviation", {"rule": "G1", "reason": "Late"})
    told = told.does(
        "attach-form", {"form": "f", "target": "t", "values": [{"key": "k", "value": "v"}]}
    )
    told = told.does("review-identifiability", REVIEW)
    kept = {"deviation-recorded", "form-attached", "identifiability-reviewed", "noted"}
    assert kept & set(kinds(told, "Pip")) == set()
    assert kept <= set(kinds(told, "Kelly"))


def test_pupils_contribute_correct_and_leave_like_everybody_else():
    told = notes(started(), "Pip", "a note").who("Pip")
    about = {"contribution": str(named("a note")), "text": "Two, not three"}
    told = told.does("correction-note", about).then("correction-noted")
    told.does("leave-run").then("participant-left")


OBSERVING = {"present": [who("Petra"), who("Pip")]}


def test_pupils_observe_only_once_they_are_trained():
    told = started().who("Petra").does("observe", OBSERVING)
    told.refused("TRAINING_REQUIRED", details=({"person": who("Pip")},))
    training = {"person": who("Pip"), "content": "How to watch", "on": "2026-09-02"}
    trained = VALLEY.who("Petra").does("record-pupil-training", training)
    told = started(world=around_runs(trained)).who("Petra").does("observe", OBSERVING)
    told.then("observed")


def test_staff_need_no_such_training():
    told = started().who("Petra").does("observe", {"present": [who("Petra"), who("Hamish")]})
    told.then("observed")


def test_a_colleague_may_say_for_a_pupil_that_they_stop():
    told = started().who("Kelly").does("record-pupil-declined", {"person": who("Pip")})
    told = told.then("pupil-declined", warns=[])
    assert told.live.state.holders("pupil-walker") == ()
    readers = {n for n in ("Petra", "Kelly", "Hamish", "Pip", "Declan") if _stopped(told, n)}
    assert readers == {"Petra", "Kelly"}


def _stopped(told, name):
    return "pupil-declined" in kinds(told, name)


def test_a_pupil_who_was_only_invited_can_be_let_off_too():
    told = invited(begun(), "Pip", "pupil-walker").who("Petra")
    told = told.does("record-pupil-declined", {"person": who("Pip")}).then("pupil-declined")
    assert told.live.state.invited == {}


@pytest.mark.parametrize("name", ["Kelly", "Declan", "Rosa"])
def test_nobody_but_a_pupil_is_said_to_stop(name):
    told = started().who("Petra").does("record-pupil-declined", {"person": who(name)})
    told.refused("NOT_FOUND")


def test_pupils_stop_at_any_moment_even_after_the_end():
    told = ended(started()).who("Petra").does("record-pupil-declined", {"person": who("Pip")})
    told.then("pupil-declined", stage="closed")


def test_a_pupil_who_stops_is_no_longer_expected_anywhere():
    told = started()
    run = told.live.stream
    at = {"start": told.now.replace(hour=10), "end": told.now.replace(hour=11)}
    over = {"start": told.now.replace(hour=6), "end": told.now.replace(hour=7)}
    people = (person("Pip"), person("Petra"))
    held = {
        f"{run}/visit-1": Booking(key=f"{run}/visit-1", people=people, **over),
        f"{run}/visit-2": Booking(key=f"{run}/visit-2", people=people, **at),
        "another/visit-1": Booking(key="another/visit-1", people=people, **at),
    }
    calendar = bookings_stream(BECK_ROAD)
    told = told.but(
        stream=told.stream.but(others={**told.stream.others, calendar: Bookings(held=held)})
    )
    told = told.who("Kelly").does("record-pupil-declined", {"person": who("Pip")}).then()
    left = {key: one.people for key, one in told.stream.others[calendar].held.items()}
    assert left == {
        f"{run}/visit-1": people,
        f"{run}/visit-2": (person("Petra"),),
        "another/visit-1": people,
    }


# Certificates


def test_a_certificate_says_what_somebody_did_and_nothing_of_its_quality():
    told = notes(started(), "Kelly", "a note").who("Petra")
    told = told.does("issue-certificate", {"person": who("Kelly")}).then("certificate-issued")
    (fact,) = (f for f in told.reads("Petra") if f["kind"] == "certificate-issued")
    assert fact["data"] == {
        "person": who("Kelly"),
        "dates": [],
        "minutes": 30,
        "criteria": ["wrote a note"],
    }


def test_without_meeting_the_criteria_there_is_none():
    told = started().who("Petra").does("issue-certificate", {"person": who("Kelly")})
    told.refused("CERTIFICATE_CRITERIA_NOT_MET")


def test_it_is_for_those_who_take_part():
    told = started().who("Petra").does("issue-certificate", {"person": who("Tom")})
    told.refused("NOT_FOUND")


def test_it_can_be_issued_after_the_end_and_again():
    told = ended(notes(started(), "Kelly", "a note")).who("Petra")
    for _ in range(2):
        told = told.does("issue-certificate", {"person": who("Kelly")}).then("certificate-issued")
    assert told.live.state.certified == (person("Kelly"),)


def test_a_pupil_reads_their_own_and_nobody_elses():
    told = notes(notes(started(), "Pip", "one"), "Kelly", "two").who("Petra")
    told = told.does("issue-certificate", {"person": who("Kelly")})
    told = told.does("issue-certificate", {"person": who("Pip")})
    assert kinds(told, "Pip").count("certificate-issued") == 1
    assert kinds(told, "Hamish").count("certificate-issued") == 2
