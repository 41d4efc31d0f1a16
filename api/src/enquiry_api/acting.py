"""Acting: one address for every move of every installed method, made from the method itself."""

from collections.abc import Awaitable, Callable
from typing import Any

from enquiry.method.method import Move
from enquiry.runtime.terms import Command, Outcome
from enquiry_api.answers import NEVER_KEPT, Answer, encode
from enquiry_api.asking import Ask, strict
from enquiry_api.edge import Body, Edge, Endpoint, Reply
from enquiry_api.forms import component_name
from enquiry_api.installed import STREAMS, Installed, Offered, move_address
from enquiry_api.params import ACTING, IF_MATCH, STREAM, TENANT
from enquiry_api.reading import ref, stream_of
from enquiry_api.shown import done

DONE_HEADERS = ("Location", "ETag", "Enquiry-Position")


def endpoints(installed: Installed) -> tuple[Endpoint, ...]:
    """One address for every move; versions of a method that share a move share its address."""
    return tuple(_endpoint(versions) for versions in installed.moves())


def _endpoint(versions: tuple[Offered, ...]) -> Endpoint:
    newest = versions[-1]
    method, move = newest.method, newest.move
    word = STREAMS[method.stream]
    return Endpoint(
        verb="POST",
        path=move_address(word, method.id, move.kind, opens=move.opens),
        name=f"{method.id}.{move.kind}",
        title=move.title,
        tag=method.id,
        help=move.help,
        confidential=any(v.move.confidential for v in versions),
        handle=_acts(method.stream, method.id, move),
        params=_params(method.stream, versions),
        body=Body(schema=_schema(versions)),
        replies=(
            Reply(
                status=201,
                says="Done, and on record.",
                schema=ref("Done"),
                headers=DONE_HEADERS,
            ),
            Reply(
                status=200,
                says="This was done before, by this key; nothing new is on record.",
                schema=ref("Done"),
                headers=(*DONE_HEADERS, "Idempotent-Replayed"),
            ),
        ),
        problems=_problems(versions),
    )


def _params(stream: str, versions: tuple[Offered, ...]) -> tuple[Any, ...]:
    opens = versions[-1].move.opens
    where = () if opens else (STREAM,)
    tenant = (TENANT,) if opens and stream != "alliance" else ()
    decision = (IF_MATCH,) if any(v.move.decision for v in versions) else ()
    return (*where, *tenant, *ACTING, *decision)


def _problems(versions: tuple[Offered, ...]) -> tuple[int, ...]:
    decision = (412, 428) if any(v.move.decision for v in versions) else ()
    return (404, 409, 422, 503, *decision)


def _schema(versions: tuple[Offered, ...]) -> dict[str, Any]:
    forms = [ref(component_name(v.method, v.move)) for v in versions]
    return forms[0] if len(forms) == 1 else {"oneOf": forms}


def _acts(stream: str, method: str, move: Move) -> Callable[[Edge, Ask], Awaitable[Answer]]:
    kind, opens = move.kind, move.opens

    async def handle(edge: Edge, ask: Ask) -> Answer:
        strict(ask.body)
        said = ask.said
        command = Command(
            asker=ask.asker,
            method=method,
            kind=kind,
            body=ask.body,
            key=said["Idempotency-Key"],
            now=ask.now,
            stream=None if opens else stream_of(ask),
            alliance=said.get("alliance"),
            if_match=said.get("If-Match"),
            acting_for=said.get("Enquiry-Acting-For"),
            occurred_at=said.get("Enquiry-Occurred-At"),
            lang=said.get("Content-Language", "en"),
        )
        return accepted(stream, await edge.system.act(command))

    return handle


def accepted(stream: str, outcome: Outcome) -> Answer:
    """The answer to an accepted action.

    Its ETag is the bare revision: the next decision can be based on it without reading again, and
    it never stands for a representation that its holder has not seen.
    """
    body = done(stream, outcome)
    headers = (
        *NEVER_KEPT,
        (b"location", body.href.encode()),
        (b"etag", b'"%d"' % outcome.revision),
        (b"enquiry-position", b"%d" % outcome.position),
    )
    if outcome.replayed:
        return Answer(200, encode(body), (*headers, (b"idempotent-replayed", b"true")))
    return Answer(201, encode(body), headers)
