"""Evidence: by what right it is brought, and what a withdrawal takes away."""

import pytest
from tests.kernel.enquiry.group import FLAGS, REVIEW, brings, launched, measured
from tests.kernel.valley import who

from enquiry.kernel.enquiry.evidence import views
from enquiry.testing import named

RECORD = {
    "level": "professional",
    "type": "performance_management_record",
    "collection_method": "interview",
    "respondents": "leaders",
}


def test_evidence_is_brought_by_members_and_read_by_the_group():
    told = brings(launched()).then("evidence-added")
    matrix = told.view("evidence-matrix", "Hamish")
    assert [cell["count"] for cell in matrix["cells"]] == [1]
    assert {"level": "student", "respondents": "pupils"} not in matrix["holes"]
    assert {"level": "student", "respondents": "parents"} in matrix["holes"]


def test_nothing_from_appraisal_enters_but_what_somebody_says_of_themselves():
    told = brings(launched(), "Judith", **RECORD, subject=who("Grace"))
    told = told.refused("APPRAISAL_USE_FORBIDDEN")
    told = brings(told, "Judith", **RECORD).refused("APPRAISAL_USE_FORBIDDEN")
    brings(told, "Grace", **RECORD, subject=who("Grace")).then("evidence-added")


def test_whoever_is_no_member_hears_that_there_is_nothing():
    brings(launched(), "Kelly", **RECORD).refused("NOT_FOUND")


IDENTIFIABLE = {"identifiability": "identifiable", "subject": who("Petra")}


def consents(told, name, *purposes, until="2027-08-31"):
    form = {"purposes": [*purposes], "statement_version": 1, "valid_until": until}
    return told.who(name).does("record-consent", form)


def test_what_points_to_somebody_rests_on_their_consent():
    told = brings(launched(), **IDENTIFIABLE)
    told = told.refused("CONSENT_REQUIRED", details=({"purpose": "be_identified"},))
    told = consents(told, "Petra", "be_identified")
    brings(told, **IDENTIFIABLE).then("evidence-added")


def test_consent_for_one_purpose_is_none_for_another():
    told = consents(launched(), "Petra", "be_identified")
    told = brings(told, **IDENTIFIABLE, nature="research_only")
    told.refused("CONSENT_REQUIRED", details=({"purpose": "research_only"},))


def test_consent_ends_with_its_last_day():
    told = consents(launched(), "Petra", "be_identified", until="2026-09-13")
    brings(told, **IDENTIFIABLE).refused("CONSENT_REQUIRED")


def test_what_somebody_says_of_themselves_needs_no_consent_of_another():
    brings(launched(), "Petra", **IDENTIFIABLE).then("evidence-added")


def test_a_withdrawal_takes_what_rested_on_the_consent_and_nothing_new_comes():
    told = consents(launched(), "Petra", "be_identified")
    told = brings(told, **IDENTIFIABLE).who("Petra")
    told = told.does("withdraw-consent", {"purposes": ["be_identified"]}).then("consent-withdrawn")
    assert told.view("evidence-matrix", "Grace")["items"] == []
    assert "evidence-added" not in {f["kind"] for f in told.reads("Grace")}
    assert "consent-withdrawn" not in {f["kind"] for f in told.reads("Grace")}
    brings(told, called="again", **IDENTIFIABLE).refused("CONSENT_WITHDRAWN")


def test_whoever_has_left_may_still_withdraw_and_does_nothing_else():
    told = brings(consents(launched(), "Petra", "be_identified"), **IDENTIFIABLE)
    told = told.who("Petra").does("leave-enquiry").then("member-left")
    assert {kind for kind, action in told.may("Petra").items() if action.allowed} == {
        "withdraw-consent"
    }
    told = told.does("withdraw-consent", {"purposes": ["be_identified"]}).then("consent-withdrawn")
    assert told.view("evidence-matrix", "Grace")["items"] == []


def test_consent_is_withdrawn_after_the_end_as_well():
    told = brings(consents(launched(), "Petra", "be_identified"), **IDENTIFIABLE)
    told = told.who("Ines").does("abandon-enquiry", {"reason": "Merged"}).who("Petra")
    told.does("withdraw-consent", {"purposes": ["be_identified"]}).then("consent-withdrawn")


@pytest.mark.parametrize("reviewed", [False, True])
def test_sensitive_data_comes_in_only_where_it_was_planned_and_safeguarded(reviewed):
    told = launched()
    if reviewed:
        flags = {**FLAGS, "sensitive_data_planned": True, "safeguard": "Two hold the key"}
        told = told.who("Ines").does("complete-ethics-review", {**REVIEW, "flags": flags})
        brings(told, sensitive=True).then("evidence-added")
    else:
        brings(told, sensitive=True).refused("SENSITIVE_PLAN_REQUIRED")


def test_each_level_has_its_own_sorts_of_evidence():
    brings(launched(), type="staff_survey").refused("VALIDATION_FAILED", pointer="/type")


def test_evidence_shows_something():
    brings(launched(), text=None).refused("VALIDATION_FAILED", pointer="/text")
    brings(launched(), text=None, value=9).then("evidence-added")


def test_evidence_belongs_to_measures_that_there_are():
    told = brings(measured(launched()), measures=[str(named("nothing"))])
    told = told.refused("VALIDATION_FAILED", pointer="/measures/0")
    told = brings(told, measures=[str(named("measure"))]).then("evidence-added")
    link = {"item": str(named("evidence")), "measures": [str(named("measure"))]}
    told.who("Petra").does("link-evidence", link).then("evidence-linked")


def test_whoever_brought_it_retracts_it():
    told = brings(launched()).who("Petra")
    form = {"item": str(named("evidence"))}
    told = told.does("retract-evidence", form).refused("NOT_PERMITTED")
    told = told.who("Grace").does("retract-evidence", form).then("evidence-retracted")
    assert told.view("evidence-matrix", "Grace")["items"] == []
    told.does("retract-evidence", form).refused("NOT_FOUND")


def test_the_matrix_shows_the_newest_pieces_and_counts_all(monkeypatch):
    monkeypatch.setattr(views, "ITEMS_MAX", 2)
    told = launched()
    for number in range(3):
        told = brings(told, called=f"piece {number}")
    shown = told.view("evidence-matrix", "Grace")
    assert [one["id"] for one in shown["items"]] == [str(named(f"piece {n}")) for n in (1, 2)]
    assert (shown["earlier"], shown["cells"][0]["count"]) == (1, 3)


def test_what_somebody_says_of_their_own_appraisal_has_no_grade():
    own = {
        "level": "professional",
        "type": "performance_management_record",
        "subject": who("Grace"),
    }
    brings(launched(), value=3, **own).refused("GRADING_FORBIDDEN", pointer="/value")
    brings(launched(), **own).then("evidence-added")


def test_evidence_is_from_a_school_that_takes_part():
    told = brings(launched(), school=str(named("Dunmere")))
    told.refused("VALIDATION_FAILED", pointer="/school")
