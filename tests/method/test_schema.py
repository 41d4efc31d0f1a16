"""Forms as JSON Schema: flat, closed, and true to what the decoder takes."""

import enum
import random
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
import pytest
from jsonschema_rs import Draft202012Validator
from msgspec import Struct
from tests.method import turns, walk

from enquiry import Entry, Piece, ask, plain, text
from enquiry.method.core_facts import CORE
from enquiry.method.describe import audience, describe
from enquiry.method.schema import DIALECT, schema, schema_of
from enquiry.testing import VILLAGE
from enquiry.testing.generate import Habits, Pen, Surroundings
from enquiry.testing.story import MORNING


class Mood(enum.Enum):
    """How it was."""

    SUNNY = "sunny"
    GREY = "grey"


class Row(Piece):
    """A row of the form."""

    says: Annotated[str, text("What was said?", upto=100)]
    times: Annotated[int, ask("How often?", ge=1, le=9)] = 1


class Everything(Entry, records="everything"):
    """Fill in everything

    It is long.
    """

    visit: Annotated[UUID, ask("Which?", address=True)]
    rows: Annotated[tuple[Row, ...], ask("Rows", at_least=1, at_most=4)]
    mood: Annotated[Mood, ask("How was it?", ui="choice")]
    again: Annotated[Mood | None, ask("And then?")] = None
    why: Annotated[str, text("Why?", upto=300, lines=3, placeholder="because")] | None = None
    size: Literal["small", "large"] = "small"
    on: Annotated[date, ask("When?")] | None = None
    at: Annotated[datetime, ask("At what time?")] | None = None
    row: Row | None = None
    tags: tuple[Annotated[str, plain("Tag", because="a word of ours")], ...] = ()
    price: Decimal | None = None
    sure: bool = True


def _resolved(value: Any) -> bool:
    return "$ref" not in msgspec.json.encode(value).decode()


FIELDS = schema_of(Everything)["properties"]


def test_a_form_is_one_closed_object_with_nothing_to_look_up() -> None:
    for method in (walk.METHOD, turns.METHOD):
        for move in method.moves:
            made = schema(move)
            assert made["$schema"] == DIALECT
            assert made["title"] == move.title
            assert made["type"] == "object"
            assert made["additionalProperties"] is False
            assert _resolved(made)
            Draft202012Validator(made)


def test_what_may_be_missing_may_be_null_and_stays_flat() -> None:
    assert FIELDS["why"]["type"] == ["string", "null"]
    assert FIELDS["again"]["enum"] == ["sunny", "grey", None]
    assert FIELDS["row"]["type"] == ["object", "null"]
    assert schema_of(Everything)["required"] == ["visit", "rows", "mood"]


def test_hints_say_how_a_field_is_drawn_whose_it_is_and_what_it_addresses() -> None:
    assert FIELDS["why"]["x-ui"] == {"lines": 3, "placeholder": "because"}
    assert FIELDS["why"]["x-personal"] == {"subject": "by", "kind": "contribution"}
    assert FIELDS["visit"]["x-address"] is True
    assert FIELDS["mood"]["x-ui"] == {"widget": "choice"}
    assert "x-ui" not in FIELDS["visit"]


def test_limits_and_formats_are_those_of_the_decoder() -> None:
    assert (FIELDS["why"]["minLength"], FIELDS["why"]["maxLength"]) == (1, 300)
    assert (FIELDS["rows"]["minItems"], FIELDS["rows"]["maxItems"]) == (1, 4)
    assert FIELDS["rows"]["items"]["properties"]["times"]["maximum"] == 9
    assert FIELDS["at"]["format"] == "date-time"
    assert FIELDS["on"]["format"] == "date"
    assert FIELDS["size"] == {"enum": ["large", "small"], "default": "small"}


def _around() -> Surroundings:
    people = tuple(VILLAGE.people.values())
    return Surroundings(people, people[:2], (), ("1", "2"), (1, 2), MORNING)


@pytest.mark.parametrize("number", range(60))
def test_whatever_is_filled_in_at_random_fits_both_the_schema_and_the_decoder(number) -> None:
    pen = Pen("x", _around(), Habits(), random.Random(number))
    body = pen.form(Everything)
    if body.get("price"):
        body["price"] = str(body["price"])
    Draft202012Validator(schema_of(Everything)).validate(body)
    msgspec.json.decode(msgspec.json.encode(body), type=Everything)


@pytest.mark.parametrize(
    "change",
    [
        {"visit": 3},
        {"rows": []},
        {"mood": "stormy"},
        {"why": ""},
        {"size": "huge"},
        {"unknown": 1},
        {"rows": [{"says": "x", "times": 10}]},
        {"rows": [{"times": 1}]},
        {"sure": "yes"},
    ],
)
def test_whatever_the_schema_refuses_the_decoder_refuses(change) -> None:
    body = Pen("x", _around(), Habits(), random.Random(1)).form(Everything) | change
    assert not Draft202012Validator(schema_of(Everything)).is_valid(body)
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(msgspec.json.encode(body), type=Everything)


class Branch(Struct):
    """It holds itself."""

    inner: tuple["Branch", ...] = ()


def test_a_type_that_contains_itself_has_no_flat_schema() -> None:
    with pytest.raises(ValueError, match="contains itself"):
        schema_of(Branch)


def test_views_and_the_facts_of_core_have_schemas_too() -> None:
    for fact in CORE.values():
        assert _resolved(schema_of(fact))
    assert schema_of(walk.Progress)["properties"]["visits"] == {
        "type": "object",
        "additionalProperties": {"type": "string"},
    }


def test_the_audience_of_a_form_is_told_in_words() -> None:
    assert audience(walk.METHOD, walk.RecordNote) == (
        "Yourself.",
        "The walkers of that visit.",
        "The host of that visit, once “over” has begun, without the author's name.",
    )


def test_a_condition_and_hidden_fields_are_told_by_what_they_say() -> None:
    lines = audience(walk.METHOD, walk.RecordOutcome)
    assert lines[2] == (
        "The hosts, once “pooling” has begun, if: The lead has shared the outcomes, "
        "without the author's name and “On which notes does it rest?”."
    )


def test_what_a_view_tells_of_a_fact_is_part_of_its_audience() -> None:
    assert audience(walk.METHOD, walk.CloseWalk)[-1] == (
        "Readers of “What we learned” learn of it: nothing but that it ended"
    )


def test_a_method_is_described_in_plain_json() -> None:
    told = describe(walk.METHOD)
    assert msgspec.json.decode(msgspec.json.encode(told)) == _listed(told)
    assert [stage["name"] for stage in told["stages"]][:2] == ["planned", "walking"]
    (track,) = told["tracks"]
    assert [stage["name"] for stage in track["stages"]] == ["room", "corridor", "over"]
    note = next(move for move in told["moves"] if move["kind"] == "record-note")
    assert {"VISIT_NOT_OPEN", "NOT_PRESENT_AT_VISIT"} <= {rule["code"] for rule in note["rules"]}
    assert note["rules"][1]["source"] == "LW-E11"
    assert {warning["code"] for warning in told["warnings"]} == {"TEAM_NOT_FOUR", "FEEDBACK_LATE"}
    assert told["options"]["properties"]["feedback_days"]["default"] == 5


def _listed(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _listed(item) for key, item in value.items()}
    return [_listed(item) for item in value] if isinstance(value, (list, tuple)) else value
