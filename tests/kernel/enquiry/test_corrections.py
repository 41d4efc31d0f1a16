"""Notes of correction: beside what one brought oneself, also when all else is closed."""

import pytest
from tests.kernel.enquiry.group import brings, concluded, launched, proposes
from tests.kernel.enquiry.test_phases import closes

from enquiry.testing import named


def notes(told, name, about="evidence", called="note"):
    form = {"contribution": str(named(about)), "text": "It was the second reading test"}
    return told.who(name).does("correction-note", form, called=called)


def read(told, name):
    kept = told.reads(name)
    return [fact["data"]["text"] for fact in kept if fact["kind"] == "correction-noted"]


def test_somebody_says_beside_what_they_brought_what_is_wrong():
    told = notes(brings(launched()), "Grace").then("correction-noted")
    assert told.live.state.items[named("evidence")].stands
    assert read(told, "Petra") == ["It was the second reading test"]


@pytest.mark.parametrize("about", ["evidence", "nothing"])
def test_nobody_corrects_what_somebody_else_brought(about):
    notes(brings(launched()), "Petra", about).refused("NOT_FOUND")


def test_a_proposal_is_corrected_by_whoever_proposed_it():
    told = proposes(launched(), "recommendation", statement="Plan the talk first")
    by = next(iter(told.live.state.agreement.proposals.values())).by
    name = next(one for one in ("Ines", "Grace", "Petra", "Hamish") if told.person(one) == by)
    notes(told, name, "recommendation").then("correction-noted")


def test_a_note_of_correction_is_possible_when_the_enquiry_is_closed():
    told = brings(concluded(), called="more")
    told = closes(told).who("Ines").does("close-enquiry").then("enquiry-closed", "schools-engaged")
    brings(told, called="late").refused("RECORD_CLOSED")
    notes(told, "Grace", "more").then("correction-noted")


def test_a_note_goes_with_what_it_corrects():
    told = notes(brings(launched()), "Grace")
    told = told.who("Grace").does("retract-evidence", {"item": str(named("evidence"))})
    assert read(told, "Petra") == []
    notes(told, "Grace", called="again").refused("NOT_FOUND")
