"""What somebody wrote too late is kept for them alone, until they drop it."""

import pytest
from tests.kernel.valley import SERVED, around_runs

from enquiry.kernel.drafts import DRAFTS
from enquiry.method.rules import Reject
from enquiry.testing import Story, conformance, given

WORDS = '{"visit_no": 2, "text": "Nine of twelve"}'
FORM = {
    "run": str(SERVED),
    "action": "learning-walk/record-note",
    "code": "NOTES_WINDOW_CLOSED",
    "occurred_at": "2026-11-02T08:00:00Z",
    "body": WORDS,
}
OTHERS = ("Petra", "Tom", "Nasreen", "Olga", "Judith", "Zed")


def kept() -> Story:
    told = given(DRAFTS, around_runs(), "2026-11-02 08:00").who("Kelly")
    return told.does("keep-draft", FORM).then("draft-kept", stage="kept")


def test_its_author_reads_it_word_for_word_with_the_code_of_the_window():
    shown = kept().view("draft", "Kelly")
    assert (shown["body"], shown["code"]) == (WORDS, "NOTES_WINDOW_CLOSED")


@pytest.mark.parametrize("name", OTHERS)
def test_nobody_else_knows_of_it_whatever_their_rank(name):
    told = kept()
    assert told.reads(name) == []
    assert told.may(name) == {}
    with pytest.raises(Reject, match="nothing here"):
        told.view("draft", name)


def test_once_dropped_nobody_reads_it_not_even_its_author():
    told = kept().who("Kelly").does("drop-draft").then("draft-dropped", stage="dropped")
    assert told.view("draft", "Kelly")["body"] == ""
    assert "draft-kept" not in [fact["kind"] for fact in told.reads("Kelly")]


def test_nobody_drops_what_is_anothers():
    kept().who("Petra").does("drop-draft").refused("NOT_FOUND")


def test_somebody_of_no_school_keeps_none():
    told = given(DRAFTS, around_runs(), "2026-11-02 08:00").who("Zed")
    told.does("keep-draft", FORM).refused("NOT_PERMITTED")


test_conformance = conformance(DRAFTS, world=around_runs(), starts=(kept,), walks=4, moves=6)
