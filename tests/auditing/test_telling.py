"""JSON values told to people, and what differs between two of them."""

from uuid import UUID, uuid4

import pytest

from enquiry_api.auditing.telling import Difference, differences, shown

ANN, BEN = str(uuid4()), str(uuid4())


def who(id_: UUID) -> str:
    return {ANN: "Ann", BEN: "Ben"}.get(str(id_), "")


def found(before: object, after: object) -> list[tuple[str, str | None, str | None]]:
    return [(d.where, d.before, d.after) for d in differences(before, after, who)]


@pytest.mark.parametrize(
    ("value", "form", "text"),
    [
        (None, "quiet", "nothing"),
        ({}, "quiet", "nothing"),
        (False, "text", "no"),
        (0, "text", "0"),
        (ANN, "text", "Ann"),
        ("2026-11-19T09:10:00Z", "time", "19 Nov 2026, 09:10:00 UTC"),
        ({"placeholder": "erased", "kind": "note"}, "quiet", "erased: nobody can read it any more"),
        (
            {"placeholder": "withheld", "reason": "not-yours"},
            "quiet",
            "not shown: you may not read it",
        ),
    ],
    ids=["none", "empty", "no", "zero", "person", "time", "erased", "withheld"],
)
def test_a_value_is_told_as_what_it_is(value: object, form: str, text: str) -> None:
    told = shown(value, who)
    assert (told.form, told.text) == (form, text)


def test_things_of_one_kind_are_a_table_and_what_has_parts_is_a_list() -> None:
    table = shown([{"host": ANN, "room": "B4"}, {"host": BEN, "room": None}], who)
    assert (table.form, table.heads) == ("table", ("Host", "Room"))
    assert [[cell.text for cell in row] for row in table.rows] == [
        ["Ann", "B4"],
        ["Ben", "nothing"],
    ]
    assert shown([{"visits": [{"host": ANN}]}], who).form == "list"


def test_what_is_the_same_is_not_told() -> None:
    assert found({"a": [1, {"b": 2}]}, {"a": [1, {"b": 2}]}) == []


@pytest.mark.parametrize("empty", [None, "", [], {}])
def test_nothing_in_another_form_is_no_difference(empty: object) -> None:
    assert found({"waiting_for": empty}, {}) == found({}, {"waiting_for": empty}) == []
    assert found({"rooms": ["B4"]}, {"rooms": empty}) == [("Rooms", "B4", None)]


def test_what_changed_came_and_went_is_told_with_where() -> None:
    before = {"stage": "planned", "old_rule": 1}
    after = {"stage": "open", "opened_by": ANN}
    assert found(before, after) == [
        ("Stage", "planned", "open"),
        ("Opened by", None, "Ann"),
        ("Old rule", "1", None),
    ]
    assert [d.says for d in differences(before, after, who)] == ["changed", "came", "went"]


def test_one_more_at_the_beginning_is_one_difference() -> None:
    one, two = {"id": ANN, "room": "B4"}, {"id": BEN, "room": "B7"}
    assert found({"visits": [two]}, {"visits": [one, two]}) == [
        ("Visits › Ann", None, "Id: Ann; Room: B4")
    ]


def test_a_list_of_plain_values_is_told_as_a_whole() -> None:
    assert found({"who": [ANN]}, {"who": [ANN, BEN]}) == [("Who", "Ann", "Ann, Ben")]


def test_what_was_erased_since_is_told_as_such() -> None:
    gone = {"placeholder": "erased", "kind": "note"}
    assert found({"text": "hello"}, {"text": gone}) == [
        ("Text", "hello", "erased: nobody can read it any more")
    ]


def test_something_with_parts_that_comes_is_told_part_by_part() -> None:
    visits = {"visits": [{"room": "B4", "notes": [{"text": "x"}]}]}
    assert found({}, visits) == [
        ("Visits › 1 › Room", None, "B4"),
        ("Visits › 1 › Notes › 1", None, "Text: x"),
    ]


def test_a_difference_says_which_way() -> None:
    assert Difference("x", None, "1").says == "came"
