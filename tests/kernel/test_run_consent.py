"""Consent is specific, one's own, and withdrawn at once; the record is corrected beside it."""

from datetime import date

import msgspec
import pytest
from tests.kernel import gathering
from tests.kernel.gathering import adopted, ended, gathered, kinds, notes, started
from tests.kernel.valley import VALLEY, around_runs, manages, who

from enquiry.kernel.run.state import ConsentPurpose
from enquiry.method.ctx import Finding
from enquiry.testing import named, person

GIVEN = {
    "purposes": ["be_observed", "quote_verbatim"],
    "basis": "consent",
    "statement_version": 3,
    "valid_until": "2027-08-31",
}
OBSERVED, QUOTED = ConsentPurpose.BE_OBSERVED, ConsentPurpose.QUOTE_VERBATIM


def consents(told, name="Declan", **more):
    return told.who(name).does("record-consent", {**GIVEN, **more})


def withdraws(told, *purposes, name="Declan"):
    return told.who(name).does("withdraw-consent", {"purposes": [*purposes]})


# Giving


def test_consent_is_given_for_oneself_to_one_purpose_at_a_time_until_a_day_inclusive():
    s = consents(started()).then("consent-recorded").live.state
    last = date(2027, 8, 31)
    assert s.consents_to(person("Declan"), OBSERVED, last)
    assert not s.consents_to(person("Declan"), OBSERVED, date(2027, 9, 1))
    assert not s.consents_to(person("Declan"), ConsentPurpose.BE_VIDEO_RECORDED, last)
    assert not s.consents_to(person("Kelly"), OBSERVED, last)


@pytest.mark.parametrize("missing", ["purposes", "basis", "statement_version"])
def test_nothing_is_agreed_to_by_default(missing):
    told = started().who("Declan")
    told.does("record-consent", {k: v for k, v in GIVEN.items() if k != missing}).refused(
        "VALIDATION_FAILED"
    )


def test_agreeing_to_nothing_is_no_consent():
    consents(started(), purposes=[]).refused("VALIDATION_FAILED", pointer="/purposes")


def test_who_has_no_part_in_the_run_consents_to_nothing_in_it():
    consents(started(), "Tom").refused("NOT_FOUND")


@pytest.mark.parametrize("reader", ["Petra", "Kelly", "Hamish", "Pip", "Tom", "Nasreen"])
def test_who_consented_is_nobody_elses_business(reader):
    told = withdraws(consents(started()), "be_observed")
    private = {"consent-recorded", "consent-withdrawn"}
    assert private & set(kinds(told, reader)) == set()
    assert private <= set(kinds(told, "Declan"))


MANAGED = around_runs(manages(VALLEY, "Petra", "Declan"))


def test_consent_in_a_run_that_ones_line_manager_leads_is_remarked_to_oneself_alone():
    told = consents(started(world=MANAGED)).then(warns=["CONSENT_UNDER_AUTHORITY"])
    seen = {name for name in told.stream.world.people if told.warned(name)}
    assert seen == {"Declan"}
    consents(started(world=MANAGED), "Kelly").then(warns=[])


# What needs it


FILMED = gathering.build(consents=True)
FILMING = {"purposes": ["be_video_recorded"]}


def test_what_needs_consent_does_not_start_without_it():
    told = adopted(gathered(FILMED)).who("Petra").does("start-run")
    missing = {"person": who("Declan"), "purpose": "be_video_recorded"}
    told = told.refused("CONSENT_REQUIRED", details=(missing,))
    told = consents(told, **FILMING).who("Petra").does("start-run")
    told.then("started")


@pytest.mark.parametrize(
    ("now", "holds"), [("2026-11-09 23:59", True), ("2026-11-10 00:00", False)]
)
def test_consent_ends_with_its_last_day_at_the_school(now, holds):
    told = consents(adopted(gathered(FILMED)), **FILMING, valid_until="2026-11-09")
    told = told.who("Petra").does("start-run").at(now)
    assert told.then("started") if holds else told.refused("CONSENT_REQUIRED")


def test_consent_that_was_withdrawn_is_none_until_it_is_given_again():
    told = withdraws(consents(adopted(gathered(FILMED)), **FILMING), "be_video_recorded")
    told = told.who("Petra").does("start-run").refused("CONSENT_REQUIRED")
    told = consents(told, **FILMING).who("Petra").does("start-run")
    assert told.then("started").live.state.withdrawn[person("Declan")] == ()


# Withdrawing


def test_withdrawing_takes_effect_at_once_needs_no_reason_and_names_nobody():
    told = notes(started(), "Kelly", "a note")
    told = withdraws(told, "be_observed").then("consent-withdrawn", warns=[])
    assert "noted" not in kinds(told, "Petra")
    assert "noted" not in kinds(told, "Kelly")
    assert told.live.state.has_withdrawn(person("Declan"), OBSERVED)


def test_only_the_purposes_that_are_named_are_withdrawn():
    told = notes(consents(started()), "Kelly", "a note")
    s = withdraws(told, "quote_verbatim").live.state
    assert s.consents_to(person("Declan"), OBSERVED, date(2027, 1, 1))
    assert not s.consents_to(person("Declan"), QUOTED, date(2027, 1, 1))
    assert named("a note") not in s.gone


def test_what_rested_on_notice_alone_can_be_withdrawn_too():
    told = withdraws(notes(started(), "Kelly", "a note"), "participate")
    assert named("a note") in told.live.state.gone


@pytest.mark.parametrize("end", ["close", "cancel"])
def test_it_can_be_withdrawn_after_the_end(end):
    told = notes(started(), "Kelly", "a note")
    cancelled = told.who("Petra").does("cancel-run", {"reason": "Snow"})
    told = ended(told) if end == "close" else cancelled.then()
    stage = told.live.stage
    told = withdraws(told, "be_observed")
    told = told.then("consent-withdrawn", stage=stage)
    assert "noted" not in kinds(told, "Petra")


def test_it_can_be_withdrawn_by_somebody_who_has_left():
    told = consents(started(), "Hamish").who("Hamish").does("leave-run")
    told = withdraws(told, "quote_verbatim", name="Hamish").then("consent-withdrawn")
    assert told.live.state.has_withdrawn(person("Hamish"), QUOTED)


def test_a_correction_vanishes_with_what_it_corrects():
    told = notes(started(), "Kelly", "a note").who("Kelly")
    told = told.does("correction-note", {"contribution": str(named("a note")), "text": "Two"})
    assert "correction-noted" in kinds(told, "Petra")
    assert "correction-noted" not in kinds(withdraws(told, "be_observed"), "Petra")


# Notes of correction


def correct(told, name, called="a note", text="Two, not three"):
    about = {"contribution": str(named(called)), "text": text}
    return told.who(name).does("correction-note", about)


def test_a_note_of_correction_is_the_only_thing_that_is_added_after_the_end():
    told = ended(notes(started(), "Kelly", "a note"))
    told = correct(told, "Kelly").then("correction-noted")
    assert len([k for k in kinds(told, "Petra") if k in ("noted", "correction-noted")]) == 2


@pytest.mark.parametrize("called", ["a note", "nothing"])
def test_nobody_corrects_what_somebody_else_wrote_or_nobody(called):
    correct(notes(started(), "Kelly", "a note"), "Petra", called).refused("NOT_FOUND")


def test_nobody_corrects_what_was_withdrawn():
    told = withdraws(notes(started(), "Kelly", "a note"), "be_observed")
    correct(told, "Kelly").refused("NOT_FOUND")


def test_whoever_may_not_read_a_note_may_not_read_its_correction():
    told = correct(notes(started(), "Kelly", "a note"), "Kelly")
    readers = {
        n for n in ("Petra", "Kelly", "Hamish", "Pip", "Declan", "Tom") if _corrected(told, n)
    }
    assert readers == {"Petra", "Kelly", "Hamish"}


def _corrected(told, name):
    return "correction-noted" in kinds(told, name)


def no_names(text, profile, verbatim, about):
    at = text.find("Declan")
    return (Finding("IDENTIFYING_TEXT", at, at + 6, "a host"),) if at >= 0 else ()


def guarded():
    world = msgspec.structs.replace(around_runs(), texts=no_names)
    return notes(started(world=world), "Kelly", "a note")


def test_a_correction_names_nobody():
    span = {"start": 4, "end": 10, "span": "Declan", "why": "a host"}
    told = correct(guarded(), "Kelly", text="Not Declan")
    told.refused("IDENTIFYING_TEXT", pointer="/text", details=(span,))


# Forms


FORM = {"form": "debrief", "target": "visit-1", "values": [{"key": "saw", "value": "Three groups"}]}


def test_a_form_is_attached_and_read_by_those_who_keep_the_record():
    told = started().who("Kelly").does("attach-form", FORM).then("form-attached")
    assert "form-attached" in kinds(told, "Petra")
    assert "form-attached" not in kinds(told, "Declan")


def test_no_form_scores_anybody():
    scored = {**FORM, "values": [*FORM["values"], {"key": "pace", "value": "3", "scored": True}]}
    started().who("Kelly").does("attach-form", scored).refused("GRADING_FORBIDDEN")


def test_a_form_names_nobody():
    told = guarded().who("Kelly")
    names = {**FORM, "values": [{"key": "saw", "value": "Declan spoke"}]}
    told.does("attach-form", names).refused("IDENTIFYING_TEXT", pointer="/values/0/value")


# Sharing


def shares(told, name="Kelly", **form):
    return told.who(name).does("share-item", {"item": str(named("a note")), **form})


@pytest.mark.parametrize("audience", ["group", "staff", "network"])
def test_the_owner_of_an_item_shares_it_with_a_group(audience):
    told = shares(notes(started(), "Kelly", "a note"), audience=audience).then("item-shared")
    assert told.live.state.shared == {named("a note"): (audience,)}


def test_nobody_shares_what_is_somebody_elses():
    shares(notes(started(), "Kelly", "a note"), "Petra", audience="group").refused("NOT_FOUND")


@pytest.mark.parametrize(
    "form",
    [
        {"audience": "person", "person": who("Declan")},
        {"audience": "person"},
        {"audience": "group", "person": who("Declan")},
        {"audience": "group", "about_visit": "1"},
    ],
)
def test_nothing_is_shared_with_one_person_or_about_one_visit(form):
    told = shares(notes(started(), "Kelly", "a note"), **form)
    told.refused("INDIVIDUAL_FEEDBACK_FORBIDDEN")


PERSONAL = gathering.build(personal_sharing=True)


def test_a_method_may_let_its_owner_share_an_item_with_one_person_who_takes_part():
    told = notes(started(PERSONAL), "Kelly", "a note")
    told = shares(told, audience="person", person=who("Hamish")).then("item-shared")
    assert told.live.state.shared_with == {named("a note"): (person("Hamish"),)}


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ({"audience": "person"}, "VALIDATION_FAILED"),
        ({"audience": "person", "person": who("Tom")}, "VALIDATION_FAILED"),
        ({"audience": "group", "person": who("Hamish")}, "VALIDATION_FAILED"),
        (
            {"audience": "person", "person": who("Hamish"), "about_visit": "1"},
            "INDIVIDUAL_FEEDBACK_FORBIDDEN",
        ),
    ],
)
def test_then_the_person_is_named_and_takes_part_and_no_visit_is(form, code):
    shares(notes(started(PERSONAL), "Kelly", "a note"), **form).refused(code)


def test_nothing_is_shared_with_somebody_who_was_only_invited():
    told = notes(started(PERSONAL), "Kelly", "a note").who("Petra")
    told = told.does("invite-to-run", {"person": who("Tom"), "role": "walker"})
    shares(told, audience="person", person=who("Tom")).refused("VALIDATION_FAILED")


def test_nothing_is_shared_with_somebody_who_has_left():
    told = notes(started(PERSONAL), "Kelly", "a note").who("Hamish").does("leave-run")
    shares(told, audience="person", person=who("Hamish")).refused("VALIDATION_FAILED")
