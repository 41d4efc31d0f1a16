"""Learning cards: one's own, and shared only as long as their author wants it."""

import pytest
from tests.kernel.enquiry.group import launched

from enquiry.method.rules import Reject

CARD = {"aim": "To wait for an answer", "success": "I count to five", "where": "In 7B"}


def records(told, name="Petra", **changes):
    return told.who(name).does("record-learning-card", {**CARD, **changes})


def read(told, name):
    return [fact for fact in told.reads(name) if fact["kind"] == "learning-card-recorded"]


def test_a_card_is_private_unless_it_is_shared():
    told = records(launched()).then("learning-card-recorded")
    assert told.view("learning", "Petra")["mine"]["aim"] == "To wait for an answer"
    for name in ("Grace", "Tom", "Ines"):
        assert told.view("learning", name) == {"mine": None, "shared": []}
        assert read(told, name) == []


def test_a_shared_card_is_read_by_the_group():
    told = records(launched(), shared=True)
    (card,) = told.view("learning", "Grace")["shared"]
    assert (card["aim"], card["where"], card["effect"]) == ("To wait for an answer", "In 7B", None)
    assert len(read(told, "Ines")) == 1


def test_a_card_that_is_no_longer_shared_is_gone_for_everybody_else():
    told = records(records(launched(), shared=True), shared=False)
    assert told.view("learning", "Grace")["shared"] == read(told, "Grace") == []
    assert len(read(told, "Petra")) == 2


def test_of_a_shared_card_only_the_last_words_are_read():
    told = records(records(launched(), shared=True), aim="To ask once only", shared=True)
    assert [fact["data"]["aim"] for fact in read(told, "Grace")] == ["To ask once only"]


def test_who_leaves_shares_no_longer():
    told = records(launched(), shared=True).who("Petra").does("leave-enquiry")
    assert told.view("learning", "Grace")["shared"] == read(told, "Grace") == []


def test_only_those_who_take_part_record_a_card():
    records(launched(), "Kelly").refused("NOT_FOUND")
    with pytest.raises(Reject, match="nothing here"):
        records(launched(), shared=True).view("learning", "Kelly")
