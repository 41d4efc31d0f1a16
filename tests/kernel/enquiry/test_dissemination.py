"""The register of dissemination: what was agreed, and what was told."""

import pytest
from tests.kernel.enquiry.group import agreed, launched, proposes
from tests.kernel.valley import who

from enquiry.method.rules import Reject
from enquiry.testing import named

TELLING = {"audience": "Dunmere", "channel": "A twilight", "on": "2026-09-30"}
TOLD = {"on": "2026-09-14", "artefact": "Four slides", "consent_basis": "nobody_identifiable"}


def planned():
    return agreed(launched(), "dissemination", dissemination=TELLING)


def tells(told, name="Petra", proposal="dissemination", **changes):
    form = {"proposal": str(named(proposal)), **TOLD, **changes}
    return told.who(name).does("record-dissemination", form, called="told")


def test_what_was_agreed_stands_in_the_register_before_it_is_told():
    (item,) = planned().view("disseminations", "Tom")["items"]
    assert (item["audience"], item["planned"], item["told"]) == ("Dunmere", "2026-09-30", [])


def test_what_was_told_stands_beside_what_was_agreed():
    told = tells(planned()).then("dissemination-recorded")
    (item,) = told.view("disseminations", "Tom")["items"]
    assert item["told"] == [{"id": str(named("told")), **TOLD}]


def test_what_is_only_proposed_is_not_told():
    told = proposes(launched(), "dissemination", dissemination=TELLING)
    assert told.view("disseminations", "Grace")["items"] == []
    tells(told).refused("NOT_ALL_AGREED")


def test_only_a_dissemination_is_told():
    told = agreed(launched(), "recommendation", statement="Plan the talk first")
    tells(told, proposal="recommendation").refused("NOT_FOUND")
    tells(told, proposal="nothing").refused("NOT_FOUND")


def test_nothing_is_recorded_before_it_has_happened():
    tells(planned(), on="2026-09-15").refused("VALIDATION_FAILED", pointer="/on")


def test_what_was_agreed_may_be_told_after_the_end():
    told = planned().who("Ines").does("abandon-enquiry", {"reason": "Two schools merged"})
    tells(told).then("dissemination-recorded")


def test_a_critical_friend_reads_the_register_and_a_stranger_does_not():
    told = tells(planned()).who("Ines")
    told = told.does("name-critical-friend", {"person": who("Kelly")})
    assert len(told.view("disseminations", "Kelly")["items"]) == 1
    tells(told, "Kelly").refused("NOT_PERMITTED")
    with pytest.raises(Reject, match="nothing here"):
        told.view("disseminations", "Declan")
