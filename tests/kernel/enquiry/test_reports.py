"""Reports: snapshots that remain, and leave the group only by right."""

import pytest
from msgspec.structs import replace
from tests.kernel.enquiry.group import agreed, brings, launched, reviewed
from tests.kernel.valley import who

from enquiry.kernel.identifiability import Audience, Check
from enquiry.testing import named

EVERY = [str(check) for check in Check]


def generates(told, name="Ines", called="report", **more):
    form = {"kind": "impact", "where_we_are": "Half way", **more}
    return told.who(name).does("generate-report", form, called=called)


def reads_it(told, name, audience="alliance", **changes):
    form = {
        "report": str(named("report")),
        "audience": audience,
        "clear": EVERY,
        "confirm": True,
        **changes,
    }
    return told.who(name).does("review-report", form)


def publishes(told, audience="alliance"):
    form = {"report": str(named("report")), "audience": audience}
    return told.who("Ines").does("publish-report", form)


def decided(told=None):
    """A report, reviewed ethics, and the group's decision to publish it."""
    told = generates(reviewed(told or brings(launched())))
    return agreed(told, "publish_report", report=str(named("report")))


def test_a_report_holds_what_stands_when_it_is_generated():
    told = brings(generates(brings(launched())), called="later")
    (shown,) = told.view("reports", "Grace")["reports"]
    assert shown["items"] == [str(named("evidence"))]


def test_only_those_who_lead_on_generate_one():
    generates(launched(), "Grace").refused("NOT_PERMITTED")
    generates(launched(), "Petra").then("report-generated")


def test_a_report_is_published_once_the_group_has_decided_and_somebody_has_read_it():
    told = generates(reviewed(launched()))
    publishes(reads_it(told, "Grace")).refused("NOT_ALL_AGREED")
    told = decided()
    told = publishes(told).refused("IDENTIFIABILITY_NOT_REVIEWED")
    told = publishes(reads_it(told, "Grace")).then("report-published")
    assert told.view("reports", "Tom")["reports"][0]["published"] == "alliance"


def test_the_public_takes_two_readers_and_one_person_is_not_two():
    told = reads_it(reads_it(decided(), "Grace", "public"), "Grace", "public")
    told = publishes(told, "public").refused("IDENTIFIABILITY_NOT_REVIEWED")
    publishes(reads_it(told, "Tom", "public"), "public").then("report-published")


@pytest.mark.parametrize("changes", [{"clear": EVERY[1:]}, {"confirm": False}])
def test_a_reading_that_found_something_releases_nothing(changes):
    publishes(reads_it(decided(), "Grace", **changes)).refused("IDENTIFIABILITY_NOT_REVIEWED")


def test_nothing_is_published_while_the_ethics_review_is_open():
    told = reads_it(decided(), "Grace").who("Judith")
    told = told.does("reopen-ethics-review", {"reason": "We want to film"})
    publishes(told).refused("ETHICS_REVIEW_REQUIRED")


def identifiable():
    """Petra consents to be identified, and nothing else."""
    form = {"purposes": ["be_identified"], "statement_version": 1, "valid_until": "2027-08-31"}
    told = launched().who("Petra").does("record-consent", form)
    return brings(told, identifiability="identifiable", subject=who("Petra"))


def test_evidence_about_somebody_goes_no_further_than_they_consent():
    told = reads_it(decided(identifiable()), "Grace")
    told = publishes(told)
    told = told.refused("SHARE_SCOPE_EXCEEDED", details=({"item": str(named("evidence"))},))
    wider = {"purposes": ["share_alliance"], "statement_version": 1, "valid_until": "2027-08-31"}
    told = told.who("Petra").does("record-consent", wider)
    publishes(told).then("report-published")


def test_a_published_report_remains_and_says_what_was_withdrawn():
    told = publishes(reads_it(decided(), "Grace"))
    told = told.who("Grace").does("retract-evidence", {"item": str(named("evidence"))})
    (shown,) = told.view("reports", "Tom")["reports"]
    assert shown["withdrawn"] == shown["items"] == [str(named("evidence"))]


def test_a_report_with_withdrawn_evidence_is_not_published_but_corrected():
    told = reads_it(decided(), "Grace").who("Grace")
    told = told.does("retract-evidence", {"item": str(named("evidence"))})
    told = publishes(told).refused("SHARE_SCOPE_EXCEEDED")
    told = generates(told, called="corrected", corrects=str(named("report")))
    first, second = told.view("reports", "Tom")["reports"]
    assert first["corrected_by"] == str(named("corrected"))
    assert second["items"] == []


def test_what_was_approved_is_published_after_the_end_as_well():
    told = reads_it(decided(), "Grace").who("Ines")
    told = told.does("abandon-enquiry", {"reason": "Two schools merged"})
    publishes(told).then("report-published")


def test_nobody_proposes_to_publish_what_there_is_not():
    form = {"kind": "publish_report", "report": str(named("nothing"))}
    told = launched().who("Grace").does("propose-decision", form)
    told.refused("VALIDATION_FAILED", pointer="/report")


def from_a_run(told, audience):
    """As though the evidence had come from a run, released for at most this audience."""
    live = told.live
    items = {id_: item.but(audience=audience) for id_, item in live.state.items.items()}
    stream = told.stream
    return told.but(stream=stream.but(live=replace(live, state=live.state.but(items=items))))


def test_what_a_run_released_goes_no_further_than_the_run_did():
    told = reads_it(reads_it(decided(), "Grace", "public"), "Tom", "public")
    within = publishes(from_a_run(told, Audience.ALLIANCE), "public")
    within.refused("SHARE_SCOPE_EXCEEDED", details=({"item": str(named("evidence"))},))
    publishes(from_a_run(told, Audience.ALLIANCE)).then("report-published")
    publishes(from_a_run(told, Audience.PUBLIC), "public").then("report-published")
