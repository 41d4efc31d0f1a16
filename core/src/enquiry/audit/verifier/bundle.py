"""Check a bundle from end to end: its files, its signatures, its tree, and every event in it."""

import re
from collections.abc import Sequence
from hashlib import sha256
from typing import NamedTuple
from uuid import UUID

from enquiry.audit.verifier import merkle
from enquiry.audit.verifier.archive import Archive, Unreadable
from enquiry.audit.verifier.events import Events
from enquiry.audit.verifier.notes import (
    Head,
    Key,
    Rejected,
    head,
    policy,
    proof,
    signers,
    unsigned_head,
)
from enquiry.audit.verifier.report import Report
from enquiry.audit.verifier.tiles import LEVELS_MAX, WIDTH, tile_name, widths

FORMAT = "enquiry-bundle/1"
PROFILES = ("proof-only", "structure", "pseudonymised", "full")
_MANIFEST = re.compile(r"([0-9a-f]{64})  (\S+)")


class Scope(NamedTuple):
    """What a bundle says that it holds."""

    origin: str
    alliance: UUID
    stream: UUID | None
    """``None``: not of one stream alone."""
    extent: str
    """``all`` events of the alliance, those of one stream by its id, or ``some``."""
    profile: str


def check(archive: Archive, keys: Sequence[Key] | None = None, known: Sequence[str] = ()) -> Report:
    """Check a bundle.

    Args:
        archive: the bundle.
        keys: which keys may sign, from somebody whom you trust; ``None``: believe the bundle.
        known: checkpoints of this history that you have seen before, as notes.
    """
    report = Report()
    try:
        _check(archive, keys, known, report)
    except (Unreadable, Rejected) as error:
        report.wrong(str(error))
    report.beyond.append("whether what people entered was true")
    report.beyond.append("what was recorded after this checkpoint, or removed before the first one")
    return report


def _check(
    archive: Archive, keys: Sequence[Key] | None, known: Sequence[str], report: Report
) -> None:
    tags = _files(archive, report)
    scope = _scope(archive)
    trusted = _trusted(archive, keys, report)
    signed = head(archive.text("data/checkpoint"), trusted)
    if signed.origin != scope.origin or not signed.origin.endswith(f"/{scope.alliance}"):
        raise Rejected("the checkpoint is of another history than the bundle says")
    report.checked.append(f"checkpoint: {signed.size} events of {signed.origin}, signed")
    _bundle_signature(archive, tags, scope, trusted, report)
    older = _older(known, signed, trusted, report)
    tiles = _level(archive, 0, signed.size, report)
    if tiles is not None:
        proved = _tree(archive, tiles, signed, older, report)
        events = Events(archive, scope.alliance, scope.extent, tiles, proved, report)
        events.check(whole=scope.profile != PROFILES[0])
    if any(name.startswith("data/told/") for name in archive.names()):
        report.beyond.append("told: what data/told says of events stands outside of the tree")
    _platform(archive, signed, trusted, report)


def _files(archive: Archive, report: Report) -> bytes:
    """Whether every file is there and has its digest (BagIt); the digest of the tag manifest."""
    if not archive.text("bagit.txt").startswith("BagIt-Version: 1.0\n"):
        raise Unreadable("this is no BagIt bag")
    told = _manifest(archive, "manifest-sha256.txt") | _manifest(archive, "tagmanifest-sha256.txt")
    unlisted = {"tagmanifest-sha256.txt", "manifest.note"}
    for name in archive.names():
        if name not in told and name not in unlisted:
            report.wrong(f"{name} is in the bundle and in no manifest")
    for name, digest in told.items():
        if name not in archive:
            report.wrong(f"{name} is in a manifest and not in the bundle")
        elif sha256(archive.read(name)).hexdigest() != digest:
            report.wrong(f"{name} is not as it was when the bundle was made")
    for name in ("bagit.txt", "bag-info.txt", "manifest-sha256.txt"):
        if name not in told:
            report.wrong(f"{name} is in no manifest")
    report.checked.append(f"files: {len(told)}, each against its digest")
    return sha256(archive.read("tagmanifest-sha256.txt")).digest()


def _manifest(archive: Archive, name: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for line in archive.text(name).split("\n")[:-1]:
        read = _MANIFEST.fullmatch(line)
        if read is None or read[2] in found:
            raise Unreadable(f"{name} has a line that is none: {line[:80]!r}")
        found[read[2]] = read[1]
    return found


def _scope(archive: Archive) -> Scope:
    said = dict(
        line.split(": ", 1) for line in archive.text("bag-info.txt").split("\n") if ": " in line
    )
    if said.get("Enquiry-Format") != FORMAT:
        raise Unreadable(f"this verifier reads {FORMAT}")
    try:
        stream, profile = said["Enquiry-Stream"], said.get("Enquiry-Profile", PROFILES[1])
        return Scope(
            said["External-Identifier"],
            _id(said["Enquiry-Alliance"]),
            None if stream in ("all", "some") else _id(stream),
            stream,
            PROFILES[PROFILES.index(profile)],
        )
    except (KeyError, ValueError):
        raise Unreadable("bag-info.txt does not say what the bundle holds") from None


def _id(text: str) -> UUID:
    found = UUID(text)
    if str(found) != text:
        raise ValueError(text)
    return found


def _trusted(archive: Archive, keys: Sequence[Key] | None, report: Report) -> list[Key]:
    if keys is not None:
        report.checked.append("keys: only those of your policy were believed")
        return list(keys)
    report.unchecked.append(
        "keys: those of the bundle itself were believed; give --policy with keys that you were"
        " given by somebody else"
    )
    return policy(archive.text("data/keys"))


def _bundle_signature(
    archive: Archive, tags: bytes, scope: Scope, keys: list[Key], report: Report
) -> None:
    if "manifest.note" not in archive:
        report.unchecked.append("bundle: nobody has signed that it was handed out like this")
        return
    text, signed = signers(archive.text("manifest.note"), scope.origin, keys)
    if text != f"{FORMAT}\n{scope.origin}\n{tags.hex()}\n":
        raise Rejected("manifest.note was signed for another bundle")
    if not signed:
        raise Rejected("no known key has signed manifest.note")
    report.checked.append("bundle: signed as it was handed out")


def _older(known: Sequence[str], now: Head, keys: list[Key], report: Report) -> list[Head]:
    """Checkpoints that were seen before, as far as they can be compared."""
    found: list[Head] = []
    for note in known:
        try:
            old = head(note, keys)
        except Rejected:
            # Signed by a key that is not believed any more: it still must not contradict.
            old = unsigned_head(note)
        if old.origin != now.origin:
            report.unchecked.append(f"a known checkpoint is of another history: {old.origin}")
        elif old.size > now.size:
            report.unchecked.append(
                f"a known checkpoint has {old.size} events, more than the {now.size} here:"
                " ask for a newer bundle, or check with 'verify extends'"
            )
        else:
            found.append(old)
    return sorted(found, key=lambda one: one.size)


def _tree(
    archive: Archive, tiles: list[bytes], signed: Head, older: list[Head], report: Report
) -> bool:
    """Whether the tree over these tiles of leaf hashes is the one that was signed."""
    whole, roots = merkle.Root(), list[bytes]()
    for tile in tiles:
        width = len(tile) // 32
        if width == WIDTH:
            roots.append(merkle.over(tile))
        if width == WIDTH and not any(0 < old.size - whole.size < width for old in older):
            _seen(whole, older, signed, report)
            whole.add(roots[-1], 8)
            continue
        for at in range(0, len(tile), 32):
            _seen(whole, older, signed, report)
            whole.add(tile[at : at + 32])
    _seen(whole, older, signed, report)
    upper = _uppers(archive, roots, signed.size, report)
    if whole.digest() != signed.root:
        report.wrong(
            f"the tree over the {signed.size} leaves is not the one that was signed: events were"
            " changed, or tiles"
        )
        return False
    report.checked.append(f"tree: {len(tiles) + upper} tiles make the root that was signed")
    return True


def _seen(whole: merkle.Root, older: list[Head], signed: Head, report: Report) -> None:
    """Hold the checkpoints of just this size, if any are known, against the root so far."""
    for old in older:
        if old.size == whole.size:
            _compare(old, whole.digest(), signed, report)


def _compare(old: Head, root: bytes, signed: Head, report: Report) -> None:
    if old.root == root:
        report.checked.append(f"extends: what you knew of {old.size} events is unchanged")
        return
    report.wrong(
        f"fork: another history of {old.size} events was signed before; events below {old.size}"
        " were changed"
    )
    report.evidence[f"checkpoint of {old.size} known before"] = old.note
    report.evidence[f"checkpoint of {signed.size} in this bundle"] = signed.note


def _level(archive: Archive, level: int, size: int, report: Report) -> list[bytes] | None:
    """The tiles of a level; ``None`` if one is missing or of the wrong size."""
    found: list[bytes] = []
    for number, width in enumerate(widths(size >> (8 * level))):
        name = f"data/tile/{level}/{tile_name(number, width)}"
        tile = archive.read(name) if name in archive else b""
        if len(tile) != width * 32:
            report.wrong(f"{name} is missing or has not {width} hashes")
            return None
        found.append(tile)
    return found


def _uppers(archive: Archive, roots: list[bytes], size: int, report: Report) -> int:
    """Hold every upper tile against the roots over the tiles below it; says how many there are."""
    count = 0
    for level in range(1, LEVELS_MAX):
        if not size >> (8 * level):
            break
        here = _level(archive, level, size, report)
        if here is None:
            return count
        for at, hash_ in enumerate(roots):
            if here[at // 256][at % 256 * 32 : at % 256 * 32 + 32] != hash_:
                first = at * 256**level
                report.wrong(
                    f"tile {level}/{at // 256} does not hold the root over events {first} to"
                    f" {first + 256**level - 1}"
                )
        count += len(here)
        roots = [merkle.over(tile) for tile in here if len(tile) == WIDTH * 32]
    return count


def _platform(archive: Archive, signed: Head, keys: list[Key], report: Report) -> None:
    """That the checkpoint stands in the tree over all alliances."""
    if "data/platform/proof" not in archive:
        report.unchecked.append("platform: no proof that the checkpoint stands in its tree")
        return
    shown = proof(archive.text("data/platform/proof"))
    own = policy(archive.text("data/platform/keys"))
    trusted = [key.public for key in keys]
    above = head(shown.note, [key for key in own if key.public in trusted])
    lines = signed.note.partition("\n\n")[0]
    leaf = merkle.leaf(f"EQP1 checkpoint\n{lines}\n".encode())
    if signed.origin.rpartition("/")[0] != above.origin:
        raise Rejected("the platform's checkpoint is of another log")
    if not merkle.is_included(shown.at, above.size, leaf, shown.hashes, above.root):
        raise Rejected("the checkpoint is not in the platform tree")
    report.checked.append(f"platform: the checkpoint is entry {shown.at} of {above.origin}")
