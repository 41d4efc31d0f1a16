"""One event and its proof, what a browser needs to check it, and everything to take along."""

from base64 import b64encode
from datetime import datetime
from io import BytesIO
from typing import Any
from uuid import uuid4

from enquiry.audit.export import Wanted, export, export_entry
from enquiry.audit.proofs import NotSigned
from enquiry.method.live import micros
from enquiry.method.rules import Reject
from enquiry_api.answers import NEVER_KEPT, TEXT, Answer, encode, tagged
from enquiry_api.asking import Ask, absent
from enquiry_api.auditing.addresses import TAG, WORD, made, posted
from enquiry_api.auditing.moments import Happened, Story, proofs, story
from enquiry_api.auditing.rendering import HOME, asset, page
from enquiry_api.auditing.session import FORM, FORM_BYTES_MAX, own
from enquiry_api.auditing.telling import shown
from enquiry_api.edge import Access, Body, Edge, Endpoint, Reply
from enquiry_api.params import IF_NONE_MATCH, POSITION_MAX, STREAM, Param, whole
from enquiry_api.reading import stream_of

TAR = b"application/x-tar"
SCRIPT = b"text/javascript; charset=utf-8"
_ASSETS = {
    "page.css": ("enquiry_api.auditing", "assets/page.css", b"text/css; charset=utf-8"),
    "page.mjs": ("enquiry_api.auditing", "assets/page.mjs", SCRIPT),
    "proofs.mjs": ("enquiry.audit", "independent/proofs.mjs", SCRIPT),
}
"""What the pages load: by name, the package and where it stands in it, its type."""
HELD = Reply(status=304, says="You hold it already.", media=None, headers=("ETag",))
_FIELDS = (
    ("Tag", 4),
    ("Alliance", 16),
    ("Sequence", 8),
    ("Position", 8),
    ("Recorded at (microseconds since 1970)", 8),
    ("Event id", 16),
)
"""The first fields of an entry, and how many bytes each has."""


def _segment(name: str, says: str, schema: dict[str, Any]) -> Param:
    return Param(name=name, place="path", says=says, schema=schema, read=str, required=True)


_REVISION = _segment("revision", "Which event of the stream.", {"type": "string", "maxLength": 16})


def _size(name: str, says: str) -> Param:
    return Param(
        name=name,
        place="query",
        says=says,
        schema={"type": "integer", "minimum": 1, "maximum": POSITION_MAX},
        read=whole(1, POSITION_MAX),
        required=True,
    )


_OLD = _size("old", "How many events the older checkpoint has.")
_NEW = _size("new", "How many events the newer checkpoint has.")


async def _event(edge: Edge, ask: Ask) -> Answer:
    told = await story(edge, ask)
    fact = _fact(told, ask.where["revision"])
    proof = await _inclusion(edge, ask, told, fact)
    entry = fact.evidence.entry if fact.evidence else None
    return page(
        "event",
        session=ask.session,
        told=told,
        fact=fact,
        data=shown(fact.item.data, told.who),
        proof=proof,
        leaf=fact.evidence.leaf.hex() if fact.evidence else "",
        entry=b64encode(entry).decode() if entry else "",
        fields=_explained(entry) if entry else (),
        version=f"{told.now.method}, version {told.now.version}",
    )


def _fact(told: Story, revision: str) -> Happened:
    if not revision.isascii() or not revision.isdigit() or len(revision) > 16:
        raise absent()
    return told.fact(int(revision))


async def _inclusion(edge: Edge, ask: Ask, told: Story, fact: Happened) -> str:
    """The proof of an event; empty where no checkpoint covers it, or none is for this reader."""
    if fact.evidence is None or not fact.is_under(told.signed):
        return ""
    try:
        tree = await proofs(edge, ask, told.now.alliance)
        return await tree.inclusion(fact.evidence.sequence)
    except (Reject, NotSigned):
        return ""


def _explained(entry: bytes) -> list[tuple[str, int, str]]:
    """The fields of an entry: name, number of bytes, what they say."""
    found: list[tuple[str, int, str]] = []
    at = 0
    for name, wide in _FIELDS:
        part = entry[at : at + wide]
        number = str(int.from_bytes(part, "big"))
        found.append((name, wide, number if wide == 8 else part.hex() if at else part.decode()))
        at += wide
    kind = entry[at + 1 : at + 1 + entry[at]]
    found += [("Length of the kind", 1, str(entry[at])), ("Kind", len(kind), kind.decode())]
    at += 1 + len(kind)
    seals = int.from_bytes(entry[at + 32 : at + 34], "big")
    found.append(("SHA-256 of the body", 32, entry[at : at + 32].hex()))
    found.append(("Number of sealed values", 2, str(seals)))
    for number in range(seals):
        seal = entry[at + 34 + 50 * number :][:50]
        says = f"slot {int.from_bytes(seal[:2], 'big')}, key {seal[2:18].hex()}"
        found.append((f"Seal {number + 1}", 50, f"{says}, ciphertext {seal[18:].hex()}"))
    return found


async def _extension(edge: Edge, ask: Ask) -> Answer:
    if ask.where["word"] != "alliances":
        raise absent()
    tree = await proofs(edge, ask, stream_of(ask))
    try:
        text = await tree.consistency(ask.said["old"], ask.said["new"])
    except NotSigned:
        raise absent() from None
    return Answer(200, text.encode(), NEVER_KEPT, TEXT)


async def _export(edge: Edge, ask: Ask) -> Answer:
    own(ask)
    told = await story(edge, ask)
    kept = [await _taken(edge, ask, told, fact) for fact in told.facts]
    signed = told.signed
    body = encode(
        {
            "format": "enquiry-timeline/1",
            "exported_at": ask.now,
            "stream": told.now.stream,
            "id": told.id,
            "alliance": told.now.alliance,
            "method": told.now.method,
            "version": told.now.version,
            "stage": told.now.stage,
            "checkpoint": signed.note if signed else None,
            "keys": signed.keys if signed else None,
            "events": kept,
        }
    )
    name = f"{told.now.stream}-{str(told.id)[:8]}-to-{told.facts[-1].item.revision}.json"
    attached = (b"content-disposition", f'attachment; filename="{name}"'.encode())
    return Answer(200, body, (*NEVER_KEPT, attached))


async def _bundle(edge: Edge, ask: Ask) -> Answer:
    """The alliance's tree alone: the digests that whoever may know it can read tile by tile, too.

    That it was taken is in the platform tree before anybody has it.
    """
    own(ask)
    alliance = (await story(edge, ask)).now.alliance
    await proofs(edge, ask, alliance)
    trees = edge.system.trees
    assert trees is not None  # noqa: S101 - else there would be no proofs
    wanted = Wanted(alliance, profile="proof-only")
    file = BytesIO()
    try:
        found = await export(edge.system.log, trees, wanted, file)
    except NotSigned:
        raise absent() from None
    by = str(ask.asker.person)
    await trees.add_platform_entry(export_entry(uuid4(), micros(ask.now), by, wanted, found))
    name = f"alliance-{str(alliance)[:8]}-{found.size}.eqaudit.tar"
    attached = (b"content-disposition", f'attachment; filename="{name}"'.encode())
    return Answer(200, file.getvalue(), (*NEVER_KEPT, attached), TAR)


async def _taken(edge: Edge, ask: Ask, told: Story, fact: Happened) -> dict[str, Any]:
    """An event as this page shows it, with its proof."""
    item, evidence = fact.item, fact.evidence
    proof = await _inclusion(edge, ask, told, fact)
    at: datetime = item.recorded_at
    return {
        "revision": item.revision,
        "position": item.position,
        "id": item.id,
        "kind": item.kind,
        "what": fact.title,
        "version": item.version,
        "recorded_at": at,
        "by": item.by,
        "who": fact.by,
        "data": item.data,
        "sequence": evidence.sequence if evidence else None,
        "leaf": evidence.leaf.hex() if evidence else None,
        "entry": b64encode(evidence.entry).decode() if evidence and evidence.entry else None,
        "proof": proof.partition("\n\n")[0] or None,
    }


def _file(name: str) -> Endpoint:
    """One file that the pages load, with its very type."""
    package, where, media = _ASSETS[name]

    async def handle(edge: Edge, ask: Ask) -> Answer:
        del edge
        kept = ((b"cache-control", b"no-cache"),)
        answer = Answer(200, asset(package, where), kept, media)
        return tagged(answer, ask.said.get("If-None-Match"))

    return Endpoint(
        verb="GET",
        path=f"{HOME}/files/{name}",
        name=f"load-audit-{name.replace('.', '-')}",
        title="What the pages load",
        tag=TAG,
        handle=handle,
        replies=(Reply(status=200, says="Here it is.", media=media, headers=("ETag",)), HELD),
        access=Access.OPEN,
        params=(IF_NONE_MATCH,),
    )


def endpoints() -> tuple[Endpoint, ...]:
    """The addresses of proofs, of what is taken along, and of what the pages load."""
    here = "/{word}/{id}"
    text = Reply(status=200, says="Hashes in base64, a line each.", media=TEXT)
    taken = Reply(status=200, says="What the page shows, with proofs.", schema={"type": "object"})
    bundle = Reply(status=200, says="A bundle: docs/proof-format.md.", media=TAR)
    form = Body(schema={"type": "object"}, bytes_max=FORM_BYTES_MAX, media=FORM)
    return (
        *map(_file, sorted(_ASSETS)),
        made(
            f"{here}/events/{{revision}}",
            "audit-event",
            "One event and its proof",
            _event,
            params=(WORD, STREAM, _REVISION),
        ),
        made(
            f"{here}/extension",
            "prove-audited-extension",
            "That a history only grew since a checkpoint",
            _extension,
            text,
            params=(WORD, STREAM, _OLD, _NEW),
        ),
        posted(
            f"{here}/export",
            "export-timeline",
            "Take the timeline along",
            _export,
            taken,
            form,
            params=(WORD, STREAM),
            away=True,
        ),
        posted(
            f"{here}/bundle",
            "export-proofs",
            "Take the proofs of its alliance along",
            _bundle,
            bundle,
            form,
            params=(WORD, STREAM),
            away=True,
        ),
    )
