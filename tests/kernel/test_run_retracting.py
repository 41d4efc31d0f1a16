"""Taking back what is one's own: while its window is open, and leaving a tombstone."""

from tests.kernel.gathering import (
    PUPIL,
    WALKER,
    Gathering,
    build,
    ended,
    kinds,
    notes,
    started,
)
from tests.kernel.test_run_evidence import SERVING, published, reviewed
from tests.kernel.valley import SERVED, around_runs

from enquiry.testing import named


class Corrigible(Gathering):
    """What has been corrected stays, with its correction."""

    def may_retract(self, contribution):
        return contribution not in self.corrections.values()


RETRACTING = build(state=Corrigible, retracting=(WALKER, PUPIL))


def retracts(told, name, called="a note"):
    return told.who(name).does("retract-contribution", {"contribution": str(named(called))})


def noted():
    return notes(started(RETRACTING), "Kelly", "a note").then("noted")


def test_what_somebody_took_back_is_gone_and_that_there_was_something_remains():
    told = retracts(noted(), "Kelly").then("contribution-retracted", warns=[])
    for name in ("Petra", "Hamish", "Kelly"):
        assert "noted" not in kinds(told, name)
        assert "contribution-retracted" in kinds(told, name)
    assert "contribution-retracted" not in kinds(told, "Declan")


def test_only_the_author_takes_it_back_and_only_once():
    told = noted()
    retracts(told, "Hamish").refused("NOT_FOUND")
    retracts(told, "Petra").refused("NOT_FOUND")
    gone = retracts(told, "Kelly").then("contribution-retracted")
    retracts(gone, "Kelly").refused("NOT_FOUND")


def test_once_its_window_is_closed_it_stays():
    correction = {"contribution": str(named("a note")), "text": "Two, not three"}
    told = noted().who("Kelly").does("correction-note", correction).then("correction-noted")
    retracts(told, "Kelly").refused("WRONG_STAGE")


def test_after_the_end_nothing_is_taken_back():
    retracts(ended(noted()), "Kelly").refused("RECORD_CLOSED")


def test_a_pupil_takes_back_their_own():
    told = notes(started(RETRACTING), "Pip", "a note").then("noted")
    assert "noted" not in kinds(retracts(told, "Pip").then("contribution-retracted"), "Petra")


def test_the_enquiry_is_told_that_what_it_was_given_no_longer_stands():
    world = around_runs(enquiry=SERVING)
    told = published(reviewed(method=RETRACTING, world=world, enquiry=str(SERVED)))
    after = retracts(told, "Kelly").then("contribution-retracted", "evidence-withdrawn")
    assert after.live.state.output_revision(named("a note")) is None


def test_a_method_that_does_not_say_so_has_no_such_move():
    assert all(move.kind != "retract-contribution" for move in build().moves)
    assert any(move.kind == "retract-contribution" for move in RETRACTING.moves)
