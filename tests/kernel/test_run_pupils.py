"""Pupils without an account: a sealed register, labels, what their parents and they agree to."""

import pytest
from tests.kernel import gathering
from tests.kernel.casework import (
    asks,
    assents,
    begun,
    consents,
    notice,
    registers,
    sees,
    with_pupils,
    withdraws,
)
from tests.kernel.gathering import kinds
from tests.kernel.valley import BECK_ROAD, CARRICK, VALLEY, YEAR, around_runs, decides, has_calendar

from enquiry.kernel.run.pupils import pupil_id
from enquiry.method.rules import Reject
from enquiry.testing import named, person

NOT_IN_IT = ("Tom", "Judith", "Grace", "Declan", "Pip", "Rosa", "Amina", "Nasreen", "Zed")


def names(told, name):
    """What somebody reads in the register, label by label."""
    return {one["label"]: one["name"] for one in told.view("pupils", name)["pupils"]}


# The register


def test_the_name_is_read_by_whoever_registered_the_pupil_and_colleagues_of_the_same_school():
    told = with_pupils()
    assert names(told, "Petra") == {"A": "Maisie Quill", "B": "Obi Sallow"}
    assert names(told, "Kelly") == {"A": "Maisie Quill", "B": "Obi Sallow"}
    assert kinds(told, "Kelly").count("pupil-registered") == 2


def test_members_from_another_school_see_labels_and_nothing_else():
    told = consents(with_pupils(), "A", "be_interviewed")
    shown = told.view("pupils", "Hamish")["pupils"]
    blank = {"name": None, "learner_group": None, "age_band": None, "consents": [], "assents": []}
    assert shown == [{"label": label, "takes_part": True, **blank} for label in "AB"]
    assert {"pupil-registered", "consent-recorded"} & set(kinds(told, "Hamish")) == set()


@pytest.mark.parametrize("name", NOT_IN_IT)
def test_nobody_else_reads_the_register_whatever_their_rank(name):
    told = with_pupils()
    with pytest.raises(Reject, match="nothing here"):
        told.view("pupils", name)
    assert "pupil-registered" not in kinds(told, name)


def test_a_register_of_another_school_is_that_schools_own():
    told = registers(with_pupils(), "C", "Hana Rewi", by="Hamish").then("pupil-registered")
    assert names(told, "Hamish") == {"A": None, "B": None, "C": "Hana Rewi"}
    assert names(told, "Petra") == {"A": "Maisie Quill", "B": "Obi Sallow", "C": None}
    assert told.live.state.pupils["C"].school == CARRICK


def test_whoever_leaves_the_run_reads_what_they_registered_and_no_more():
    told = registers(with_pupils(), "C", "Ivo Marsh", by="Kelly").who("Kelly").does("leave-run")
    assert kinds(told, "Kelly").count("pupil-registered") == 1


def test_the_name_is_sealed_for_the_pupil_under_a_key_that_can_expire_alone():
    told = with_pupils()
    kept = {one.text: one for one in told.stream.sealed.values()}
    assert kept["Maisie Quill"].subject == pupil_id(told.live.stream, "A")
    assert all(b"Maisie" not in event.body for event in told.stream.events)
    assert "Maisie" not in repr(told.live.state)


def test_the_same_pupil_in_two_runs_has_two_ids():
    assert pupil_id(named("one run"), "A") != pupil_id(named("another"), "A")


def test_no_label_is_used_twice():
    registers(with_pupils(), "A", "Ivo Marsh").refused("PSEUDONYM_REUSED", details=[{"label": "A"}])


def test_no_label_is_used_again_when_its_pupil_takes_no_part_any_more():
    told = withdraws(with_pupils(), "A", "participate").then("consent-withdrawn")
    registers(told, "A", "Ivo Marsh").refused("PSEUDONYM_REUSED")


@pytest.mark.parametrize("label", ["Maisie", "AB", "a", "A123", "Á", "", "M."])
def test_a_label_holds_no_name(label):
    registers(begun(), label, "Maisie Quill").refused("VALIDATION_FAILED", pointer="/label")


def test_a_run_whose_method_asks_for_no_register_has_none():
    assert "register-pupil" not in gathering.started().may("Petra")
    assert "register-pupil" in begun().may("Petra")


def test_a_guest_who_works_at_no_school_registers_nobody():
    told = gathering.joins(begun(), "Ines")
    registers(told, "C", "Ivo Marsh", by="Ines").refused("NOT_PERMITTED")


def chooses(told, why, label="C"):
    form = {"label": label, "real_identity": "Ivo Marsh", "why": why}
    return told.who("Petra").does("choose-pupil", form)


def test_a_method_registers_pupils_by_a_move_of_its_own_under_the_same_rules():
    told = chooses(begun(), "Counts on fingers").then("pupil-registered", "pupil-chosen")
    assert names(told, "Kelly") == {"C": "Ivo Marsh"}
    chooses(told, "Counts on fingers").refused("PSEUDONYM_REUSED")


@pytest.mark.parametrize("why", ["Ivo counts on fingers", "This is ivo marsh, from the back row"])
def test_the_words_beside_a_new_name_do_not_hold_it(why):
    chooses(begun(), why).refused("IDENTIFYING_TEXT", pointer="/why")


# Consent for a pupil


def test_what_a_parent_gave_lets_the_pupil_be_asked_once_the_pupil_agrees():
    told = consents(with_pupils(), "A", "be_interviewed").then("consent-recorded")
    told = asks(told, "A").refused("ASSENT_REQUIRED")
    asks(assents(told, "A", "be_interviewed"), "A").then("pupil-asked")


def test_consent_comes_before_assent():
    told = assents(with_pupils(), "A", "be_interviewed").then("assent-recorded")
    missing = {"pupil": "A", "purpose": "be_interviewed"}
    asks(told, "A").refused("CONSENT_REQUIRED", details=[missing])


def test_a_pupil_who_says_no_is_not_asked_whatever_their_parents_gave():
    told = consents(with_pupils(), "A", "be_interviewed")
    told = assents(told, "A", "be_interviewed", agrees=False).then("assent-recorded", warns=[])
    asks(told, "A").refused("ASSENT_REQUIRED")


def test_consent_for_one_pupil_is_none_for_another():
    told = assents(consents(with_pupils(), "A", "be_interviewed"), "B", "be_interviewed")
    asks(told, "B").refused("CONSENT_REQUIRED")


def test_a_new_purpose_needs_new_consent():
    told = notice(with_pupils(), "A", "be_observed")
    asks(assents(told, "A", "be_interviewed"), "A").refused("CONSENT_REQUIRED")


def test_every_pupil_needs_it_before_the_group_settles_on_them():
    told = notice(with_pupils(), "A", "be_observed").who("Petra").does("lock")
    told = told.refused("CONSENT_REQUIRED", details=[{"pupil": "B", "purpose": "be_observed"}])
    notice(told, "B", "be_observed").who("Petra").does("lock").then("locked")


def test_notice_is_enough_for_ordinary_practice():
    told = notice(notice(with_pupils(), "A", "be_observed"), "B", "be_observed")
    told.who("Petra").does("lock").then("locked")


@pytest.mark.parametrize(
    "purpose",
    [
        "be_interviewed",
        "be_audio_recorded",
        "be_video_recorded",
        "share_alliance",
        "publish_public",
        "contact_for_followup",
    ],
)
def test_notice_is_not_enough_for_more_than_ordinary_practice(purpose):
    notice(with_pupils(), "A", purpose).refused("VALIDATION_FAILED", pointer="/basis")


def test_notice_is_not_enough_for_research_alone():
    told = notice(with_pupils(), "A", "be_observed").who("Kelly").does("research", {"label": "A"})
    told = told.refused("CONSENT_REQUIRED")
    told = consents(told, "A", "be_observed").who("Kelly").does("research", {"label": "A"})
    told.then("researched")


AGES = [
    ("under_13", "be_interviewed", ("self",), False),
    ("under_13", "be_interviewed", ("parent_carer",), True),
    ("under_13", "be_interviewed", ("both",), True),
    ("from_13_to_15", "be_interviewed", ("self",), True),
    ("from_13_to_15", "be_interviewed", ("parent_carer",), False),
    ("from_13_to_15", "be_video_recorded", ("self",), False),
    ("from_13_to_15", "be_video_recorded", ("parent_carer",), False),
    ("from_13_to_15", "be_video_recorded", ("both",), True),
    ("from_13_to_15", "be_video_recorded", ("self", "parent_carer"), True),
    ("from_16", "be_video_recorded", ("self",), True),
]


def _may(told, purpose):
    told = assents(told, "C", purpose)
    if purpose == "be_interviewed":
        return asks(told, "C")
    return told.who("Petra").does("film")


@pytest.mark.parametrize(("age", "purpose", "givers", "enough"), AGES)
def test_who_has_to_consent_follows_from_the_pupils_age(age, purpose, givers, enough):
    told = registers(begun(), "C", "Ivo Marsh", age_band=age)
    for giver in givers:
        told = consents(told, "C", purpose, given_by=giver)
    told = _may(told, purpose)
    assert told.then() if enough else told.refused("CONSENT_REQUIRED")


def test_a_school_may_let_pupils_consent_alone_only_later():
    world = around_runs(decides(VALLEY, BECK_ROAD, pupil_consents_alone_from=16))
    told = registers(begun(world), "C", "Ivo Marsh", age_band="from_13_to_15")
    told = consents(told, "C", "be_interviewed", given_by="self")
    told = _may(told, "be_interviewed").refused("CONSENT_REQUIRED")
    told = consents(told, "C", "be_interviewed", given_by="parent_carer")
    _may(told, "be_interviewed").then("pupil-asked")


@pytest.mark.parametrize("by", ["Hamish", "Declan"])
def test_only_colleagues_in_the_run_at_the_pupils_school_record_what_was_given(by):
    consents(with_pupils(), "A", "be_interviewed", by=by).refused("NOT_PERMITTED")


def test_a_label_that_nobody_has_is_nobodys_consent():
    consents(with_pupils(), "Z", "be_interviewed").refused("NOT_FOUND")
    assents(with_pupils(), "Z", "be_interviewed").refused("NOT_FOUND")


CALENDARS = around_runs(has_calendar(VALLEY, BECK_ROAD, YEAR))


@pytest.mark.parametrize(
    ("now", "holds"), [("2027-08-31 22:59", True), ("2027-08-31 23:01", False)]
)
def test_consent_holds_until_the_school_year_ends_where_no_day_is_said(now, holds):
    told = assents(consents(with_pupils(CALENDARS), "A", "be_interviewed"), "A", "be_interviewed")
    told = asks(told, "A").at(now)
    assert told.then("pupil-asked") if holds else told.refused("CONSENT_REQUIRED")


# Withdrawing for a pupil


def test_what_is_about_the_pupil_vanishes_for_everybody_and_no_more_is_taken():
    told = sees(sees(with_pupils(), "A", "of A"), "B", "of B")
    told = withdraws(told, "A", "be_observed").then("consent-withdrawn", warns=[])
    for name in ("Petra", "Kelly", "Hamish"):
        assert kinds(told, name).count("pupil-seen") == 1
    assert named("of A") in told.live.state.gone
    sees(told, "A", "more of A").refused("CONSENT_WITHDRAWN")
    sees(told, "B", "more of B").then("pupil-seen")


def test_only_what_rests_on_the_purpose_vanishes():
    told = assents(consents(with_pupils(), "A", "be_interviewed"), "A", "be_interviewed")
    told = withdraws(asks(sees(told, "A", "a note"), "A"), "A", "be_interviewed")
    assert named("an interview") in told.live.state.gone
    assert named("a note") not in told.live.state.gone
    asks(told, "A").refused("CONSENT_WITHDRAWN")


def test_taking_no_part_ends_everything():
    told = assents(consents(with_pupils(), "A", "be_interviewed"), "A", "be_interviewed")
    told = withdraws(asks(sees(told, "A", "a note"), "A"), "A", "participate")
    assert {named("an interview"), named("a note")} <= set(told.live.state.gone)
    asks(told, "A").refused("CONSENT_WITHDRAWN")
    assents(told, "A", "be_interviewed").refused("CONSENT_WITHDRAWN")


@pytest.mark.parametrize("by", ["Tom", "Declan"])
def test_any_member_of_staff_of_the_pupils_school_hands_on_a_withdrawal(by):
    told = sees(with_pupils(), "A", "a note")
    assert told.may("Tom") == {}
    told = withdraws(told, "A", "be_observed", by=by).then("consent-withdrawn")
    assert named("a note") in told.live.state.gone


@pytest.mark.parametrize("by", ["Judith", "Grace", "Rosa", "Amina", "Ines", "Nasreen", "Zed"])
def test_for_everybody_else_there_is_nothing_to_withdraw(by):
    withdraws(with_pupils(), "A", "be_observed", by=by).refused("NOT_FOUND")


def test_staff_without_a_part_in_the_run_withdraw_nothing_else():
    told = with_pupils().who("Tom").does("withdraw-consent", {"purposes": ["be_observed"]})
    told = told.refused("NOT_FOUND")
    withdraws(told, "Z", "be_observed", by="Tom").refused("NOT_FOUND")


def test_somebody_in_the_run_from_another_school_does_not_speak_for_the_pupil():
    withdraws(with_pupils(), "A", "be_observed", by="Hamish").refused("NOT_PERMITTED")


@pytest.mark.parametrize("by", ["Petra", "Tom"])
def test_it_is_handed_on_after_the_end_as_well(by):
    told = gathering.ended(sees(with_pupils(), "A", "a note"))
    told = withdraws(told, "A", "be_observed", by=by).then("consent-withdrawn", stage="closed")
    assert "pupil-seen" not in kinds(told, "Kelly")


def test_everybody_sees_who_takes_no_part_any_more_and_nobody_why():
    told = withdraws(with_pupils(), "A", "participate", by="Tom")
    shown = {one["label"]: one["takes_part"] for one in told.view("pupils", "Hamish")["pupils"]}
    assert shown == {"A": False, "B": True}
    for name in ("Petra", "Kelly", "Hamish"):
        assert "consent-withdrawn" not in kinds(told, name)


def test_consent_that_was_withdrawn_is_given_anew_and_the_pupil_asked_anew():
    told = assents(consents(with_pupils(), "A", "be_interviewed"), "A", "be_interviewed")
    told = consents(withdraws(told, "A", "be_interviewed"), "A", "be_interviewed")
    told = asks(told, "A").refused("ASSENT_REQUIRED")
    asks(assents(told, "A", "be_interviewed"), "A").then("pupil-asked")


def leaves_school(name):
    """A world in which somebody belongs nowhere any more from 20 November on."""
    until = {"person": str(person(name)), "school": str(BECK_ROAD), "until": "2026-11-20"}
    return around_runs(VALLEY.who("Nasreen").does("end-membership", until))


@pytest.mark.parametrize(("by", "code"), [("Tom", "NOT_FOUND"), ("Kelly", "NOT_PERMITTED")])
def test_whoever_has_left_the_school_speaks_for_no_pupil_and_still_for_themselves(by, code):
    told = withdraws(with_pupils(leaves_school(by)), "A", "be_observed", by=by)
    told = told.at("2026-11-21 09:00").refused(code)
    own = told.who(by).does("withdraw-consent", {"purposes": ["quote_verbatim"]})
    own = own.at("2026-11-21 09:05")
    assert own.then("consent-withdrawn") if by == "Kelly" else own.refused("NOT_FOUND")


def test_whoever_has_left_the_school_reads_what_they_registered_and_no_more():
    told = registers(with_pupils(leaves_school("Kelly")), "C", "Ivo Marsh", by="Kelly")
    told = told.who("Petra").does("record-deviation", {"rule": "X", "reason": "Snow"})
    told = told.at("2026-11-21 09:00").then()
    assert kinds(told, "Kelly").count("pupil-registered") == 1


# Nobody consents for a colleague


@pytest.mark.parametrize("by", ["Petra", "Kelly"])
def test_nobody_consents_for_a_colleague_and_whoever_leads_does_not_either(by):
    form = {"purposes": ["be_observed"], "basis": "consent", "statement_version": 1}
    told = begun().who(by).does("record-consent", {**form, "person": str(person("Declan"))})
    told = told.refused("NOT_PERMITTED")
    told.who(by).does("record-consent", {**form, "person": str(person(by))}).then()


def test_a_grown_up_has_no_parent_to_consent():
    form = {"purposes": ["be_observed"], "basis": "consent", "statement_version": 1}
    told = begun().who("Kelly").does("record-consent", {**form, "given_by": "both"})
    told.refused("VALIDATION_FAILED", pointer="/given_by")
