"""A method made ready: decoders, rules by step, addresses. Built once, shared by every command."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct

from enquiry.method import core_facts as core
from enquiry.method.codes import Audience, Step
from enquiry.method.ctx import Ctx
from enquiry.method.digest import shape_digest
from enquiry.method.entry import Entry
from enquiry.method.fields import mark_of
from enquiry.method.guardrails import TEXT_GUARD, has_guarded, text_warnings
from enquiry.method.instants import has_instants, without_zone
from enquiry.method.live import Facts, Live, Raised
from enquiry.method.method import Method, Move, Show
from enquiry.method.roles import ANYONE
from enquiry.method.rules import Reject, Rule, Warn
from enquiry.method.texts import TextAt, flaw, normalised, rewrite, slots_of, texts
from enquiry.method.watching import Watching


class _Remembered:
    """What a pure function made of the values it was asked about lately, found by identity."""

    KEPT_MAX = 128

    def __init__(self, make: Callable[[Any], Any]) -> None:
        self._make = make
        self._kept: dict[int, tuple[Any, Any]] = {}

    def of(self, value: Any) -> Any:
        """``make(value)``, made once while the value is remembered (and therefore alive)."""
        kept = self._kept.get(id(value))
        if kept is not None and kept[0] is value:
            return kept[1]
        if len(self._kept) >= self.KEPT_MAX:
            self._kept.clear()
        made = self._make(value)
        self._kept[id(value)] = (value, made)
        return made


class Standing(Struct, frozen=True):
    """Warnings that stand, by what makes them the same and by their code."""

    identities: frozenset[tuple[str, str, UUID | None]]
    by_code: Mapping[str, tuple[Raised, ...]]


def _standing(warnings: Mapping[UUID, Raised]) -> Standing:
    by_code: dict[str, list[Raised]] = {}
    for warning in warnings.values():
        by_code.setdefault(warning.code, []).append(warning)
    identities = frozenset(warning.identity for warning in warnings.values())
    return Standing(identities, {code: tuple(found) for code, found in by_code.items()})


def _names(ids: Mapping[UUID, int]) -> frozenset[str]:
    return frozenset(map(str, ids))


class Compiled:
    """One method, ready to judge commands and fold facts."""

    def __init__(self, method: Method) -> None:
        """Prepare everything that does not depend on a command."""
        self.method = method
        self.facts = Facts(method)
        self._kinds = {fact: kind for kind, fact in {**core.CORE, **method.facts}.items()}
        self._moves = {move.kind: move for move in method.moves}
        self._decoders = {m.kind: msgspec.json.Decoder(m.entry) for m in method.moves}
        self._addresses = {m.kind: _address_decoder(m.entry) for m in method.moves}
        self._rules = {(m.kind, step): _rules(m, step) for m in method.moves for step in Step}
        self._has_texts = {m.kind: bool(slots_of(m.entry)) for m in method.moves}
        self._shown_to = {
            kind: frozenset(
                role.name
                for show in method.shows
                if show.fact is fact and not show.today
                for role in show.to
                if not role.circle
            )
            for kind, fact in method.facts.items()
        }
        self.digest = shape_digest(method)
        self.watching = Watching(method.watches)
        self._cast = _Remembered(method.cast)
        self._inside = _Remembered(self._everybody)
        self._standing = _Remembered(_standing)
        self._gone = _Remembered(_names)
        self._options = _Remembered(lambda given: msgspec.convert(given, method.options))
        self._shows = {
            fact: tuple(show for show in method.shows if show.fact is fact)
            for fact in method.facts.values()
        }
        outside = {role.name for role in method.roles if role.outside}
        self._outside = frozenset(outside)
        done_here = (move for move in method.moves if not move.opens and not move.right)
        openly = {role.name for move in done_here for role in move.by if role.circle}
        self.acting = frozenset(openly - {ANYONE.name})
        """Names of the circles that have something to do in the stream; what is open to anyone,
        by right or to begin with gives nobody a part in it."""
        self._final = frozenset(stage.name for stage in method.stages if stage.final)

    def blank(self, stream: UUID, alliance: UUID) -> Live:
        """The stream before its first event."""
        method = self.method
        return Live(
            stream,
            alliance,
            method.id,
            method.version,
            method.state(),
            stage=method.stages[0].name,
        )

    def cast(self, state: Any) -> Mapping[str, tuple[UUID, ...]]:
        """Who holds which role in this state. Asked many times of one state, found once."""
        return self._cast.of(state)

    def standing(self, live: Live) -> Standing:
        """The standing warnings, to be looked up in. Sorted once while none comes or goes."""
        return self._standing.of(live.standing)

    def moot(self, state: Any) -> frozenset[str]:
        """About what nothing is to be remarked any longer: it was withdrawn, or takes no place."""
        method = self.method
        found = self._gone.of(method.gone(state)) if method.gone is not None else frozenset[str]()
        return found | set(method.moot(state)) if method.moot is not None else found

    def shows(self, fact: type[Entry]) -> tuple[Show, ...]:
        """The rows of visibility for a fact."""
        return self._shows.get(fact, ())

    def within(self, state: Any, person: UUID) -> bool:
        """Whether somebody holds a role that is more than one from outside."""
        return person in self._inside.of(state)

    def _everybody(self, state: Any) -> frozenset[UUID]:
        cast = self.cast(state)
        return frozenset(person for role in cast.keys() - self._outside for person in cast[role])

    def move(self, kind: str) -> Move | None:
        """The move of this name."""
        return self._moves.get(kind)

    def kind_of(self, fact: type[Entry]) -> str:
        """The permanent name under which a fact is recorded."""
        return self._kinds[fact]

    def rules(self, move: Move, step: Step) -> tuple[Rule, ...]:
        """Conditions of the move that are judged at this step, in order."""
        return self._rules[move.kind, step]

    def address(self, move: Move, body: bytes) -> Any:
        """The address fields alone, or ``None`` where they cannot be read."""
        decoder = self._addresses[move.kind]
        if decoder is None:
            return None
        try:
            return decoder.decode(body)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            return None

    def decode(self, move: Move, body: bytes) -> Entry:
        """The whole entry, strictly: types, lengths, unknown fields, blank texts; then NFC.

        Raises:
            Reject: ``VALIDATION_FAILED`` with a pointer to the first offending field.
        """
        try:
            entry = self._decoders[move.kind].decode(body)
        except msgspec.ValidationError as error:
            raise invalid(error) from None
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            raise Reject(
                "VALIDATION_FAILED", "The body is not a JSON object.", pointer=""
            ) from None
        if has_instants(move.entry):
            for pointer in without_zone(entry):
                says = "Say the time with its zone, such as 2026-11-19T09:12:00Z."
                raise Reject("VALIDATION_FAILED", says, pointer=pointer)
        return _tidied(entry) if self._has_texts[move.kind] else entry

    def closed(self, live: Live, move: Move) -> Reject | None:
        """The refusal that a closed record gives, if it is one."""
        if live.stage in self._final and not move.after_close and not move.opens:
            return Reject(
                "RECORD_CLOSED", "This record is closed; only notes of correction remain."
            )
        return None

    def options(self, live: Live) -> Any:
        """What was chosen when the stream was opened, in the method's own type."""
        if self.method.options is None:
            return None
        return self._options.of(live.options)

    def is_final(self, stage: str) -> bool:
        """Whether nothing more is to happen in this stage."""
        return stage in self._final

    def misplaced(self, live: Live, move: Move, address: Any) -> Reject | None:
        """The general refusal for the wrong stage, if no more specific one applied."""
        if not move.at or move.opens:
            return None
        names = {stage.name for stage in move.at if stage.track is None}
        tracked = {stage.name for stage in move.at if stage.track is not None}
        in_stage = not names or live.stage in names
        in_track = not tracked or self._in_track(live, move, address, tracked)
        if in_stage and in_track:
            return None
        return Reject(
            "WRONG_STAGE",
            "This is not the time for it.",
            params={"stage": live.stage, "allowed": sorted(names | tracked)},
        )

    def _in_track(self, live: Live, move: Move, address: Any, tracked: set[str]) -> bool:
        key = track_key(move, live, address)
        if key is None:
            return any(stage in tracked for stage in live.tracks.values())
        return live.tracks.get(key) in tracked

    def cast_for(
        self, kind: str, entry: Entry, s: Any, actor: UUID
    ) -> Mapping[str, tuple[UUID, ...]]:
        """Who holds the roles that may read this fact, and the actor's own, at this moment.

        Of a warning only where it is the group's: who then belongs to it is asked of no other.
        """
        method = self.method
        everyone = self.cast(s)
        if method.cast_of is not None:
            everyone = {**everyone, **method.cast_of(s, entry)}
        wanted = self._shown_to.get(kind)
        if wanted is None:
            shared = isinstance(entry, core.WarningRaised) and entry.audience == Audience.GROUP
            return everyone if shared else {}
        return {
            role: people
            for role, people in everyone.items()
            if people and (role in wanted or actor in people)
        }

    def text_warnings(self, s: Any, entry: Entry, ctx: Ctx) -> tuple[Warn, ...]:
        """What TextGuard remarks about the entry's texts."""
        return text_warnings(s, entry, ctx)


def track_key(move: Move, live: Live, address: Any) -> str | None:
    """Which of the parallel things the move is about."""
    if move.key is None:
        return None
    if callable(move.key):
        return move.key(live.state, address)
    return None if address is None else str(getattr(address, move.key))


def _rules(move: Move, step: Step) -> tuple[Rule, ...]:
    found = [rule for rule in move.rules if rule.step == step]
    if step == Step.DOMAIN and has_guarded(move.entry) and TEXT_GUARD not in found:
        found.append(TEXT_GUARD)
    return tuple(found)


def address_fields(entry: type[Entry]) -> frozenset[str]:
    """Names of the fields that say which object is meant; they are read before the others."""
    info: Any = msgspec.inspect.type_info(entry)
    return frozenset(f.name for f in info.fields if _addresses(f.type))


def _addresses(t: Any) -> bool:
    """Whether a field's type, or the type inside ``| None``, is marked as an address."""
    if isinstance(t, msgspec.inspect.Metadata):
        mark = mark_of(t)
        return (mark is not None and mark.address) or _addresses(t.type)
    if isinstance(t, msgspec.inspect.UnionType):
        return any(_addresses(inner) for inner in t.types)
    return False


def _address_decoder(entry: type[Entry]) -> Any:
    """A lenient decoder for the fields that say which object is meant."""
    addresses = address_fields(entry)
    fields: list[Any] = [
        (f.name, f.type) if f.required else (f.name, f.type, f.default)
        for f in msgspec.structs.fields(entry)
        if f.name in addresses
    ]
    if not fields:
        return None
    return msgspec.json.Decoder(
        msgspec.defstruct(f"{entry.__name__}Address", fields, frozen=True, kw_only=True)
    )


def _tidied(entry: Entry) -> Entry:
    untidy = False
    for at in texts(entry):
        wrong = flaw(at.value)
        if wrong is not None:
            raise Reject("VALIDATION_FAILED", wrong, pointer=at.pointer)
        untidy = untidy or normalised(at.value) != at.value
    if not untidy:
        return entry

    def tidy(at: TextAt) -> str:
        return normalised(at.value)

    return msgspec.convert(rewrite(entry, tidy), type(entry))


def invalid(error: msgspec.ValidationError) -> Reject:
    """The refusal for a body that does not fit its form, with a JSON Pointer."""
    sentence, _, path = str(error).partition(" - at `")
    return Reject("VALIDATION_FAILED", sentence, pointer=pointer_of(path.rstrip("`")))


def pointer_of(path: str) -> str:
    """A JSON Pointer from a path such as ``$.items[1].n``."""
    steps = path.removeprefix("$").replace("[", ".").replace("]", "").split(".")
    return "".join(f"/{step}" for step in steps if step)


__all__ = ["Compiled", "address_fields", "invalid", "pointer_of", "track_key"]
