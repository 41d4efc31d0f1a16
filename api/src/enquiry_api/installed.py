"""Which methods are installed, and what the edge looks up in them."""

from collections.abc import Iterable, Iterator, Mapping

import msgspec
from msgspec import Raw, Struct

from enquiry.method.method import Method, Move
from enquiry.method.roles import SYSTEM
from enquiry_api.codes import CodeEntry, catalogue
from enquiry_api.forms import form
from enquiry_api.words import Words

STREAMS: Mapping[str, str] = {
    "run": "runs",
    "enquiry": "enquiries",
    "alliance": "alliances",
    "concerns": "concerns",
    "drafts": "drafts",
}
"""Kinds of streams that have addresses, and the word in them."""


class Offered(Struct, frozen=True):
    """A move of one method version, as people may be offered it."""

    method: Method
    move: Move
    schema: Raw
    """JSON Schema of its form, encoded once."""

    def form(self, words: Words) -> Raw:
        """The form, asked in these words."""
        if words.plain:
            return self.schema
        named = (self.method.id, self.method.version, self.move.kind)
        if named not in words.kept:
            said = words.all(msgspec.json.decode(self.schema), self.method.id)
            words.kept[named] = Raw(msgspec.json.encode(said))
        return words.kept[named]


class Installed:
    """Every installed method version. Built at start-up; what is installed later is not in it."""

    def __init__(self, methods: Iterable[Method], status: Mapping[str, str] | None = None) -> None:
        """``status`` says of a method that it is anything but ready, by ``id@version``."""
        self.methods = tuple(sorted(methods, key=lambda m: (m.id, m.version)))
        self._status = dict(status or {})
        self._by_id = {(m.id, m.version): m for m in self.methods}
        self._offered = {
            (m.id, m.version, move.kind): Offered(m, move, form(move))
            for m in self.methods
            for move in m.moves
            if is_for_people(move)
        }
        self.codes: Mapping[str, CodeEntry] = catalogue(self.methods)

    def method(self, id_: str, version: int) -> Method | None:
        """The method of this id and version."""
        return self._by_id.get((id_, version))

    def status(self, method: Method) -> str:
        """``ready``, or what is the matter with it."""
        return self._status.get(f"{method.id}@{method.version}", "ready")

    def offered(self, method: str, version: int, kind: str) -> Offered | None:
        """The move of this name, if people can be offered it."""
        return self._offered.get((method, version, kind))

    def offline(self, method: str, kind: str) -> bool:
        """Whether some version of the method lets this be captured offline."""
        return any(
            offered.move.offline
            for (id_, _, name), offered in self._offered.items()
            if (id_, name) == (method, kind)
        )

    def moves(self) -> Iterator[tuple[Offered, ...]]:
        """Every move that has an address: the versions that share one address together."""
        together: dict[tuple[str, str, str, bool], list[Offered]] = {}
        for (method, _, kind), offered in self._offered.items():
            stream, opens = offered.method.stream, offered.move.opens
            if stream in STREAMS:
                together.setdefault((stream, method, kind, opens), []).append(offered)
        return (tuple(versions) for versions in together.values())


def is_for_people(move: Move) -> bool:
    """Whether anybody but the passing of time can do this."""
    return any(role != SYSTEM for role in move.by)


def move_address(
    word: str | None, method: str, kind: str, *, opens: bool, id_: str = "{id}"
) -> str:
    """Where a move is posted: ``word`` is that of its kind of stream, ``id_`` the stream's id."""
    where = f"/v1/{word}" if opens else f"/v1/{word}/{id_}"
    return f"{where}/actions/{method}/{kind}"
