"""From a planned fact to bytes and back: texts leave, references stay, nothing else changes."""

import msgspec
import pytest
from tests.method.moments import NOTE, in_room, with_outcome

from enquiry import text
from enquiry.method.live import envelope_of
from enquiry.method.record import ref_of, refs_in, separated
from enquiry.method.texts import MARK
from enquiry.testing import harness, person


def test_no_text_stands_in_what_is_stored() -> None:
    story = in_room(1).who("Nia").does("record-note", NOTE).settled()
    assert all(NOTE["text"].encode() not in event.body for event in story.stream.events)
    assert NOTE["text"] in story.stream.texts().values()


def test_a_state_holds_references_that_lead_to_the_text() -> None:
    story = with_outcome().settled()
    (reference,) = story.live.state.outcomes
    ref = ref_of(reference)
    assert ref.position == story.stream.events[-1].position
    assert story.stream.sealed[ref].text == "comments are read twice"
    assert story.stream.sealed[ref].subject == person("Nia")
    assert story.stream.sealed[ref].path == "/text"


def test_what_is_stored_says_who_when_and_to_which_visit_it_belongs() -> None:
    story = in_room(1).who("Nia").does("record-note", NOTE).settled()
    envelope = envelope_of(story.stream.events[-1].body)
    assert envelope.by == person("Nia")
    assert envelope.track == "1"
    assert envelope.cast["present"] == (person("Petra"), person("Nia"))


def test_the_cast_holds_only_roles_that_may_read_it_and_the_authors_own() -> None:
    story = in_room(1).who("Nia").does("record-note", NOTE).settled()
    envelope = envelope_of(story.stream.events[-1].body)
    assert set(envelope.cast) == {"present", "own-host", "walker"}


def test_folding_the_bytes_again_gives_the_same_stream() -> None:
    stream = with_outcome().settled().stream
    *_, last = harness.refold(stream)
    assert last == stream.live


def test_every_prefix_folds() -> None:
    stream = with_outcome().settled().stream
    revisions = [live.revision for live in harness.refold(stream)]
    assert revisions == list(range(1, len(stream.events) + 1))


def test_an_unknown_fact_changes_nothing_but_the_revision() -> None:
    stream = with_outcome().settled().stream
    event = msgspec.structs.replace(
        stream.events[-1], kind="small-walk/unheard-of", revision=stream.live.revision + 1
    )
    *_, last = harness.refold(stream.but(events=(*stream.events, event)))
    assert last.state == stream.live.state
    assert last.revision == stream.live.revision + 1


def test_a_text_leaves_room_for_its_reference() -> None:
    with pytest.raises(ValueError, match="at least 32"):
        text("Too short?", upto=20)


def test_every_reference_inside_a_value_is_found() -> None:
    value = {"a": [f"{MARK}7.0", {"b": f"{MARK}9.12"}], "c": "plain"}
    assert {(ref.position, ref.slot) for ref in refs_in(value)} == {(7, 0), (9, 12)}


def test_a_fact_without_texts_is_stored_as_it_is() -> None:
    from tests.method.walk import EndVisit

    assert separated(EndVisit(visit=1), person("Nia")) == (b'{"visit":1}', ())
