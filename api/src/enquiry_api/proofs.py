"""Proofs that an alliance's history is whole: checkpoint, tiles, inclusion, consistency.

Digests only, for whoever may know the alliance: they tell that something happened, never what, who
or where. What the events say leaves by another way, as a bundle for an auditor.
"""

from collections.abc import Awaitable, Callable
from typing import Any

from enquiry.audit.proofs import NotSigned, Proofs
from enquiry.audit.tiles import parsed
from enquiry_api.answers import PRIVATE, TEXT, Answer, tagged
from enquiry_api.asking import Ask, absent
from enquiry_api.edge import Edge, Endpoint, Reply
from enquiry_api.params import IF_NONE_MATCH, POSITION_MAX, STREAM, Param, whole
from enquiry_api.reading import stream_of

OCTETS = b"application/octet-stream"
FOR_EVER = (
    (b"cache-control", b"private, max-age=31536000, immutable"),
    (b"vary", b"Authorization"),
)
"""A tile of which so much was signed never changes."""
_PARTS_MAX = 4
"""Segments of a tile's path after its level: three groups of digits and the width."""


def _number(name: str, says: str, low: int) -> Param:
    return Param(
        name=name,
        place="query",
        says=says,
        schema={"type": "integer", "minimum": low, "maximum": POSITION_MAX},
        read=whole(low, POSITION_MAX),
        required=True,
    )


def _segment(name: str, says: str) -> Param:
    return Param(
        name=name,
        place="path",
        says=says,
        schema={"type": "string", "minLength": 1, "maxLength": 20},
        read=str,
        required=True,
    )


_SEQUENCE = _number("sequence", "Which event: its number within the alliance, from 0.", 0)
_OLD = _number("old", "How many events the older checkpoint has.", 1)
_NEW = _number("new", "How many events the newer checkpoint has.", 1)
_LEVEL = _segment("level", "Level of the tile: a decimal number.")

Show = Callable[[Proofs, Ask], Awaitable[Answer]]


def _shows(show: Show) -> Callable[[Edge, Ask], Awaitable[Answer]]:
    """Ask for the tree of the alliance that the address names, as far as this person may."""

    async def handle(edge: Edge, ask: Ask) -> Answer:
        proofs = await edge.system.proofs(ask.asker, stream_of(ask), ask.now)
        if proofs is None:
            raise absent()
        try:
            return await show(proofs, ask)
        except NotSigned:
            raise absent() from None

    return handle


def _text(text: str, ask: Ask) -> Answer:
    return tagged(Answer(200, text.encode(), PRIVATE, TEXT), ask.said.get("If-None-Match"))


async def _checkpoint(proofs: Proofs, ask: Ask) -> Answer:
    return _text(await proofs.checkpoint(), ask)


async def _keys(proofs: Proofs, ask: Ask) -> Answer:
    return _text("".join(f"{line}\n" for line in await proofs.keys()), ask)


async def _inclusion(proofs: Proofs, ask: Ask) -> Answer:
    return _text(await proofs.inclusion(ask.said["sequence"]), ask)


async def _consistency(proofs: Proofs, ask: Ask) -> Answer:
    return _text(await proofs.consistency(ask.said["old"], ask.said["new"]), ask)


async def _tile(proofs: Proofs, ask: Ask) -> Answer:
    names = [name for name in ask.where if name != "id"]
    try:
        tile, width = parsed("/".join(ask.where[name] for name in sorted(names, key=_order)))
    except ValueError:
        raise absent() from None
    return Answer(200, await proofs.tile(tile, width), FOR_EVER, OCTETS)


def _order(name: str) -> tuple[bool, str]:
    """The level comes first, the rest by name."""
    return name != "level", name


def endpoints() -> tuple[Endpoint, ...]:
    """Every address that proves something."""
    text: dict[str, Any] = {"status": 200, "media": TEXT, "headers": ("ETag", "Cache-Control")}
    held = Reply(status=304, says="You hold it already.", media=None, headers=("ETag",))

    def made(
        path: str, name: str, title: str, show: Show, reply: Reply, *params: Param
    ) -> Endpoint:
        return Endpoint(
            verb="GET",
            path=f"/v1/alliances/{{id}}/log/{path}",
            name=name,
            title=title,
            tag="proofs",
            handle=_shows(show),
            budget="proofs",
            params=(STREAM, *params),
            replies=(reply, held) if IF_NONE_MATCH in params else (reply,),
            problems=(404, 503),
            help="The format stands in docs/proof-format.md.",
        )

    signed = Reply(says="A signed note (C2SP tlog-checkpoint).", **text)
    lines = Reply(says="Key, first and last size, a line each.", **text)
    included = Reply(says="A proof (C2SP tlog-proof).", **text)
    consistent = Reply(says="Hashes of RFC 6962 2.1.2 in base64, a line each.", **text)
    tile = Reply(
        status=200, says="Hashes, 32 bytes each.", media=OCTETS, headers=("Cache-Control",)
    )
    parts = [_segment(f"part{n}", "Number of the tile, or its width.") for n in range(_PARTS_MAX)]
    same = IF_NONE_MATCH
    return (
        made("checkpoint", "read-checkpoint", "What was signed last", _checkpoint, signed, same),
        made("keys", "read-signing-keys", "Who may sign which sizes", _keys, lines, same),
        made(
            "inclusion", "prove-event", "Proof of one event", _inclusion, included, _SEQUENCE, same
        ),
        made(
            "consistency",
            "prove-extension",
            "Proof that a history only grew",
            _consistency,
            consistent,
            _OLD,
            _NEW,
            same,
        ),
        *(
            made(
                "/".join(["tile/{level}", *(f"{{{part.name}}}" for part in parts[:count])]),
                f"read-tile-{count}",
                "A tile of the tree",
                _tile,
                tile,
                _LEVEL,
                *parts[:count],
            )
            for count in range(1, _PARTS_MAX + 1)
        ),
    )
