"""Whether what came back is what the story says must come back; and if not, what differs."""

from typing import Any, cast

import msgspec
from msgspec import Struct

from enquiry_api.journeys.calling import Answered
from enquiry_api.journeys.pointing import found
from enquiry_api.journeys.story import Expect

_OK = (200, 201)


class Difference(Struct, frozen=True):
    """One thing that is not as it must be."""

    what: str
    expected: Any
    actual: Any


def differences(expect: Expect, answer: Answered) -> list[Difference]:
    """Everything in an answer that is not as expected; what names stand for is already said.

    Args:
        expect: what must come back; nothing in it refers to a name any more.
        answer: what came back.
    """
    if expect.refused is not None:
        return _refused(expect, answer)
    if answer.status not in _OK:
        return [Difference("outcome", "accepted", _told(answer))]
    made = _status(expect, answer)
    if "act" in answer.told:
        made += _warnings(expect, answer.told)
    return made + _shown(expect, answer.body)


def _told(answer: Answered) -> Any:
    """A refusal in short."""
    body = answer.told
    kept = ("code", "detail", "errors", "details", "params")
    return {"status": answer.status, **{name: body[name] for name in kept if body.get(name)}}


def _status(expect: Expect, answer: Answered) -> list[Difference]:
    made: list[Difference] = []
    if expect.status is not None and answer.status != expect.status:
        made.append(Difference("status", expect.status, answer.status))
    replayed = answer.headers.get("idempotent-replayed") == "true"
    if expect.replayed is not None and replayed != expect.replayed:
        made.append(Difference("replayed", expect.replayed, replayed))
    return made


def _refused(expect: Expect, answer: Answered) -> list[Difference]:
    body = answer.told
    if body.get("code") != expect.refused:
        actual = "accepted" if answer.status in _OK else _told(answer)
        return [Difference("outcome", f"refused: {expect.refused}", actual)]
    made = _status(expect, answer)
    pointers = found(body, "/errors/0/pointer")
    if expect.pointer is not None and pointers != [expect.pointer]:
        made.append(Difference("pointer", expect.pointer, pointers))
    if expect.details is not None and _bag(expect.details) != _bag(body.get("details", ())):
        made.append(Difference("details", list(expect.details), body.get("details")))
    for name, value in expect.params.items():
        actual = body.get("params", {}).get(name)
        if actual != value:
            made.append(Difference(f"params {name}", value, actual))
    return made + _shown(expect, body)


def _bag(values: Any) -> list[bytes]:
    return sorted(msgspec.json.encode(value) for value in values)


def _warnings(expect: Expect, body: dict[str, Any]) -> list[Difference]:
    raised = [warning["code"] for warning in body.get("warnings", ())]
    missing = [code for code in expect.warnings if code not in raised]
    allowed = [
        warning["code"]
        for warning in body.get("warnings", ())
        if warning["severity"] == "info" and not expect.only
    ]
    surplus = [code for code in raised if code not in expect.warnings and code not in allowed]
    if not missing and not surplus:
        return []
    wanted = list(expect.warnings) or "no warning"
    return [Difference("warnings", wanted, raised or "no warning")]


def _shown(expect: Expect, body: Any) -> list[Difference]:
    made: list[Difference] = []
    if expect.stage is not None:
        made += _is("stage", expect.stage, found(body, "/stage"))
    for pointer, value in expect.shows.items():
        made += _is(pointer, value, found(body, pointer))
    for pointer, count in expect.counts.items():
        actual = _count(found(body, pointer))
        if actual != count:
            made.append(Difference(f"items at {pointer}", count, actual))
    for pointer in expect.absent:
        there = [value for value in found(body, pointer) if value is not None]
        if there:
            made.append(Difference(pointer, "nothing", there))
    return made + _actions(expect, body) + _words(expect, body)


def _count(here: list[Any]) -> int:
    """How many items a pointer leads to: those of the list that it leads to, or of its stars."""
    if len(here) == 1 and isinstance(here[0], list | dict):
        return len(cast("list[Any]", here[0]))
    return len(here)


def _is(pointer: str, value: Any, here: list[Any]) -> list[Difference]:
    if here and all(holds(value, one) for one in here):
        return []
    if len(here) > 1:
        return [Difference(pointer, value, here)]
    return [Difference(pointer, value, here[0] if here else "nothing")]


def holds(value: Any, actual: Any) -> bool:
    """Whether something is as said: of mappings at least what is said, of all else exactly."""
    if isinstance(value, dict) and isinstance(actual, dict):
        said, there = cast("dict[str, Any]", value), cast("dict[str, Any]", actual)
        return all(key in there and holds(one, there[key]) for key, one in said.items())
    if isinstance(value, list) and isinstance(actual, list):
        every, those = cast("list[Any]", value), cast("list[Any]", actual)
        pairs = zip(every, those, strict=False)
        return len(every) == len(those) and all(holds(one, other) for one, other in pairs)
    return _same(cast("Any", value), actual)


def _same(value: Any, actual: Any) -> bool:
    """Equal and of one kind: 1 is not true."""
    return type(value) is type(actual) and value == actual


def _actions(expect: Expect, body: Any) -> list[Difference]:
    if not expect.can and not expect.cannot:
        return []
    offered = {action["kind"]: action for action in body.get("actions", ())}
    made: list[Difference] = []
    for kind in expect.can:
        if not offered.get(kind, {}).get("allowed"):
            actual = offered.get(kind, {}).get("code", "not offered")
            made.append(Difference(f"action {kind}", "allowed", actual))
    for kind, code in expect.cannot.items():
        actual = offered.get(kind, {}).get("code", "not offered")
        if actual != code:
            made.append(Difference(f"action {kind}", code, actual or "allowed"))
    return made


def _words(expect: Expect, body: Any) -> list[Difference]:
    if not expect.says and not expect.never_says:
        return []
    text = msgspec.json.encode(_texts(body)).decode()
    made = [
        Difference("words", f"says {words!r}", "it does not")
        for words in expect.says
        if _quoted(words) not in text
    ]
    return made + [
        Difference("words", f"never says {words!r}", "it does")
        for words in expect.never_says
        if _quoted(words) in text
    ]


def _quoted(words: str) -> str:
    """Words as they stand inside a JSON text."""
    return msgspec.json.encode(words).decode()[1:-1]


def _texts(body: Any) -> Any:
    """What was shown, without the addresses and forms that every answer has."""
    if isinstance(body, dict):
        hidden = ("links", "actions", "views", "instance", "trace_id")
        every = cast("dict[str, Any]", body)
        return {key: value for key, value in every.items() if key not in hidden}
    return body
