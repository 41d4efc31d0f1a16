"""Check every event of a bundle against its leaf, and all of them against each other."""

from uuid import UUID

from enquiry.audit.verifier import merkle
from enquiry.audit.verifier.archive import Archive
from enquiry.audit.verifier.entries import PACK, Entry, digest, entry, parts, place
from enquiry.audit.verifier.report import Report
from enquiry.audit.verifier.tiles import tile_name


class Events:
    """The events of one bundle."""

    def __init__(
        self,
        archive: Archive,
        alliance: UUID,
        extent: str,
        tiles: list[bytes],
        proved: bool,
        report: Report,
    ) -> None:
        """``tiles`` are those of leaf hashes; ``proved``: they stand under a signature.

        ``extent`` is ``all``, the id of one stream, or ``some`` where gaps are no flaw.
        """
        self._archive = archive
        self._own = alliance.bytes
        self._extent = extent
        self._stream = None if extent in ("all", "some") else extent
        self._tiles = tiles
        self._unlike = "is not what was signed" if proved else "is not what its tile says"
        self._report = report
        self._size = sum(len(tile) for tile in tiles) // 32
        self._position = 0
        self._time = 0
        self._revisions: dict[str, int] = {}
        self._ids: set[bytes] = set()
        self._entries = self._bodies = self._sealed = self._gone = self._bare = 0

    def check(self, *, whole: bool = True) -> None:
        """Check them all, in order; ``whole``: all that belong to the extent must be there."""
        complete = whole and self._extent == "all"
        for number, tile in enumerate(self._tiles):
            width = len(tile) // 32
            name = tile_name(number, width)
            entries = self._pack(f"data/tile/entries/{name}", 2, width)
            bodies = self._pack(f"data/bodies/{name}", 4, width)
            ciphertexts = self._ciphertexts(f"data/sealed/{name}")
            for index in range(width):
                at = number * PACK + index
                raw = entries[index]
                if raw:
                    found = self._entry(at, raw, tile[index * 32 : index * 32 + 32])
                    if found is not None:
                        self._body(at, found, bodies[index])
                        self._seals(at, found, ciphertexts)
                elif complete:
                    self._report.wrong("is left out", at)
                elif bodies[index]:
                    self._report.wrong("has a body and no entry", at)
            if ciphertexts:
                self._report.wrong(f"data/sealed/{name} holds more than was sealed", None)
        self._tell(whole=whole)

    def _pack(self, name: str, prefix: int, width: int) -> list[bytes]:
        if name not in self._archive:
            return [b""] * width
        found = parts(self._archive.read(name), prefix, name)
        if len(found) != width:
            self._report.wrong(f"{name} has {len(found)} values, not {width}")
            return (found + [b""] * width)[:width]
        return found

    def _ciphertexts(self, name: str) -> list[bytes] | None:
        if name not in self._archive:
            return None
        return list(reversed(parts(self._archive.read(name), 4, name)))

    def _entry(self, at: int, raw: bytes, leaf: bytes) -> Entry | None:
        wrong = self._report.wrong
        if merkle.leaf(raw) != leaf:
            wrong(self._unlike, at)
        found = entry(raw)
        if found is None:
            wrong("is not laid out as an entry", at)
            return None
        self._entries += 1
        if found.alliance != self._own:
            wrong(f"belongs to another alliance: {UUID(bytes=found.alliance)}", at)
        if found.sequence != at:
            wrong(f"stands at another place than its own, {found.sequence}", at)
        if found.position <= self._position:
            wrong("has a position that is not above the one before", at)
        if found.recorded_at < self._time:
            wrong("was recorded before the one before it", at)
        if found.event in self._ids:
            wrong("has the id of another event", at)
        self._ids.add(found.event)
        self._position, self._time = found.position, found.recorded_at
        return found

    def _body(self, at: int, found: Entry, body: bytes) -> None:
        wrong = self._report.wrong
        if not body:
            self._bare += 1
            return
        if digest(body) != found.body:
            wrong("has another body than was signed", at)
            return
        self._bodies += 1
        stream, revision, why = place(body)
        if why:
            wrong(f"has a body that {why}", at)
            return
        if self._stream is not None and stream != self._stream:
            wrong("is of another stream than the bundle", at)
        before = self._revisions.get(stream, 0)
        follows = revision > before if self._extent == "some" else revision == before + 1
        if not follows:
            wrong(f"is revision {revision} of its stream, after another one than that before", at)
        self._revisions[stream] = revision

    def _seals(self, at: int, found: Entry, ciphertexts: list[bytes] | None) -> None:
        if not found.seals:
            return
        slots = [slot for slot, _, _ in found.seals]
        if slots != sorted(set(slots)):
            self._report.wrong("has slots that are not in order", at)
        if ciphertexts is None:
            self._gone += len(slots)
            return
        for slot, _, told in found.seals:
            if not ciphertexts:
                self._report.wrong(f"has no place for its sealed value {slot}", at)
                return
            ciphertext = ciphertexts.pop()
            if not ciphertext:
                self._gone += 1
            elif digest(ciphertext) != told:
                self._report.wrong(f"has another ciphertext in slot {slot} than was signed", at)
            else:
                self._sealed += 1

    def _tell(self, *, whole: bool) -> None:
        report, others = self._report, self._size - self._entries
        if not whole:
            report.unchecked.append(f"entries: {others} were withheld: only the tree was checked")
        held = self._extent if self._stream is None else f"stream {self._stream}"
        order = "in order" if self._extent == "some" else "without gaps"
        report.checked.append(f"entries: {self._entries} ({held}), each against its leaf")
        report.checked.append(
            f"bodies: {self._bodies}, of {len(self._revisions)} streams, each {order}"
        )
        if self._sealed:
            report.checked.append(f"sealed values: {self._sealed}, each against its digest")
        if self._bare:
            report.unchecked.append(f"bodies: {self._bare} were withheld")
        if self._gone:
            report.beyond.append(f"sealed values: {self._gone} are withheld or erased")
        if self._extent != "all":
            of = "somebody of whom it is" if self._stream is None else "this stream"
            report.beyond.append(
                f"what the {others} events that are not in the bundle say, and whether one of them"
                f" is of {of}, after its last one here"
            )
            if whole and not self._entries:
                report.wrong("the bundle holds no event of its stream")
