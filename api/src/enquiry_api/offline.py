"""Notes that were captured where there was no network, sent together afterwards.

Each is judged on its own, in the order in which it was captured. What is refused comes back, and is
kept as a draft that its author reads on any device; but not what was refused for want of consent:
of somebody who has withdrawn, nothing new is kept.
"""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from msgspec import Meta, Raw, Struct

from enquiry.kernel.drafts import METHOD_ID, KeepDraft
from enquiry.log.promise import Unavailable
from enquiry.method.codes import Step
from enquiry.method.compiled import invalid
from enquiry.method.rules import Reject
from enquiry.runtime.terms import Command
from enquiry_api.answers import NEVER_KEPT, Answer, encode
from enquiry_api.asking import Ask, strict
from enquiry_api.edge import Body, Edge, Endpoint, Reply
from enquiry_api.installed import STREAMS
from enquiry_api.params import CONTENT_LANGUAGE, STREAM, utc
from enquiry_api.problems import Problem, Refused, refusal_of
from enquiry_api.reading import ref, stream_of
from enquiry_api.shown import Done, done
from enquiry_api.strictjson import BODY_BYTES_MAX, DEPTH_MAX

ITEMS_MAX = 200
"""Inclusive: actions of one batch."""
BATCH_BYTES_MAX = 1024 * 1024
"""Inclusive: bytes of one batch."""
_ENVELOPE_DEPTH = 3

_Name = Annotated[str, Meta(pattern=r"^[a-z0-9-]+/[a-z0-9-]+$", max_length=200)]
_Key = Annotated[str, Meta(min_length=1, max_length=255, pattern=r"^[ -~]+$")]


class Captured(Struct, frozen=True, forbid_unknown_fields=True):
    """Something that was done offline."""

    action: _Name
    """Method and kind, as in the address: ``learning-walk/record-note``."""
    key: _Key
    """Idempotency key, made when it was captured, so that sending the batch again is safe."""
    occurred_at: Annotated[datetime, Meta(tz=True)]
    """When it was captured, by the clock of the device."""
    body: Raw
    """The form, exactly as it would be sent by itself."""


class Batch(Struct, frozen=True, forbid_unknown_fields=True):
    """What was captured, in order."""

    items: Annotated[tuple[Captured, ...], Meta(min_length=1, max_length=ITEMS_MAX)]


class Taken(Struct, frozen=True, kw_only=True, tag="accepted", tag_field="outcome"):
    """An item that is on record."""

    key: str
    status: Literal[200, 201]
    """200: it was on record already."""
    done: Done


class Returned(Struct, frozen=True, kw_only=True, tag="refused", tag_field="outcome"):
    """An item that is not on record: it is its author's to change, to send again or to drop."""

    key: str
    status: int
    problem: Problem
    draft: Captured
    kept: str | None = None
    """Address of the draft that is kept of it, its author's alone; ``None``: it is kept nowhere."""


class Judged(Struct, frozen=True):
    """What became of each item, in the order in which they were sent."""

    items: tuple[Taken | Returned, ...]


def endpoint() -> Endpoint:
    """The address for batches."""
    return Endpoint(
        verb="POST",
        path="/v1/runs/{id}/offline",
        name="send-offline",
        title="Send what was captured offline",
        tag="runs",
        help=(
            f"At most {ITEMS_MAX} items and {BATCH_BYTES_MAX} bytes. Each item is judged on its"
            " own, in order; those that are refused come back, and are kept as drafts of their"
            " author, unless consent is what they lacked."
        ),
        handle=_judge,
        params=(STREAM, CONTENT_LANGUAGE),
        body=Body(schema=ref("Batch"), bytes_max=BATCH_BYTES_MAX),
        replies=(Reply(status=200, says="What became of each.", schema=ref("Judged")),),
        problems=(422, 404, 503),
    )


async def _judge(edge: Edge, ask: Ask) -> Answer:
    stream = stream_of(ask)
    strict(ask.body, DEPTH_MAX + _ENVELOPE_DEPTH)
    try:
        batch = msgspec.json.decode(ask.body, type=Batch)
    except msgspec.ValidationError as error:
        raise invalid(error) from None
    judged: list[Taken | Returned] = []
    unreachable: Unavailable | None = None
    for item in batch.items:
        if unreachable is not None:
            judged.append(_returned(item, unreachable, ask))
            continue
        try:
            outcome = await _act(edge, item, _command(ask, stream, item))
        except (Reject, Refused) as refusal:
            kept = await _keep(edge, ask, stream, item, refusal)
            judged.append(_returned(item, refusal, ask, kept))
        except Unavailable as error:
            # Those behind it would wait in vain, and may rest on it: they all come back.
            unreachable = error
            judged.append(_returned(item, error, ask))
        else:
            status: Literal[200, 201] = 200 if outcome.replayed else 201
            judged.append(Taken(key=item.key, status=status, done=done("run", outcome)))
    return Answer(200, encode(Judged(tuple(judged))), NEVER_KEPT)


def _command(ask: Ask, stream: Any, item: Captured) -> Command:
    method, _, kind = item.action.partition("/")
    return Command(
        asker=ask.asker,
        method=method,
        kind=kind,
        body=bytes(item.body),
        key=item.key,
        now=ask.now,
        stream=stream,
        occurred_at=_occurred(item),
        lang=ask.said.get("Content-Language", "en"),
    )


def _occurred(item: Captured) -> datetime:
    try:
        return utc(item.occurred_at)
    except ValueError as error:
        raise Reject("VALIDATION_FAILED", str(error), pointer="/occurred_at") from None


async def _act(edge: Edge, item: Captured, command: Command) -> Any:
    if not edge.installed.offline(command.method, command.kind):
        raise Reject(
            "VALIDATION_FAILED",
            "This is not something that can be done offline.",
            pointer="/action",
        )
    if len(item.body) > BODY_BYTES_MAX:
        raise Refused("BODY_TOO_LARGE")
    return await edge.system.act(command)


def _returned(item: Captured, error: Exception, ask: Ask, kept: UUID | None = None) -> Returned:
    refusal = refusal_of(error, ask.path, ask.trace_id)
    place = f"/v1/{STREAMS['drafts']}/{kept}" if kept is not None else None
    return Returned(
        key=item.key, status=refusal.status, problem=refusal.problem, draft=item, kept=place
    )


async def _keep(edge: Edge, ask: Ask, run: UUID, item: Captured, refusal: Exception) -> UUID | None:
    """Keep a refused item for its author; the draft's id, or ``None`` where it cannot be kept.

    It is kept in the alliance of the run, if the run is one that they may know of.
    """
    if not isinstance(refusal, Reject) or refusal.step == Step.CONSENT:
        return None
    try:
        known = await edge.system.read(ask.asker, run, ask.now)
        draft = KeepDraft(
            run=run,
            action=item.action,
            code=refusal.code,
            occurred_at=_occurred(item),
            body=bytes(item.body).decode(),
        )
        done_ = await edge.system.act(
            Command(
                asker=ask.asker,
                method=METHOD_ID,
                kind="keep-draft",
                body=msgspec.json.encode(draft),
                key=f"{item.key}#{refusal.code}",
                now=ask.now,
                alliance=known.alliance,
                lang=ask.said.get("Content-Language", "en"),
            )
        )
    except (Reject, Unavailable):
        return None
    return done_.stream
