"""The writing surface: a builder that collects rows and makes the frozen ``Method``."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from enquiry.method import core_facts as core
from enquiry.method.ctx import Ctx
from enquiry.method.entry import Entry, State, title_of
from enquiry.method.method import (
    About,
    Cast,
    Elsewhere,
    Enter,
    Handler,
    Method,
    Move,
    Part,
    Recorded,
    Show,
    Stage,
    StreamKind,
    Track,
    Upcast,
    View,
)
from enquiry.method.roles import ANYONE, FACILITATOR, Role, Viewer
from enquiry.method.rules import Rule, WarnIf, Watch, guard, rule


class Builder:
    """Collects the rows of a method in the order in which they are read aloud."""

    def __init__(
        self,
        id: str,  # noqa: A002 - the method's id is called id everywhere
        version: int,
        title: str,
        *,
        state: type[State],
        roles: tuple[Role, ...],
        cast: Cast,
        source: str = "",
        stream: StreamKind = "run",
        answers: Callable[[Any, Any, Ctx], bool | None] | None = None,
        **settings: Any,
    ) -> None:
        """``answers`` says of (state, warning, ctx) whether the actor may acknowledge it, ``None``
        for the usual; ``settings`` are the remaining fields of ``Method``: cast_of, gone, withheld,
        options, moderators, acknowledgers, group, moot."""
        self._id = id
        self._version = version
        self._title = title
        self._state = state
        self._roles = roles
        self._cast = cast
        self._source = source
        self._stream: StreamKind = stream
        self._settings = settings
        self._answers = answers
        self._stages: list[Stage] = []
        self._usual: tuple[Stage, ...] = ()
        self._tracks: list[Track] = []
        self._moves: list[Move] = []
        self._facts: dict[str, type[Entry]] = {}
        self._shows: list[Show] = []
        self._views: list[View] = []
        self._watches: list[Watch] = []
        self._upcasts: dict[tuple[str, int], Upcast] = {}

    def stages(self, *names: str, final: tuple[str, ...] = ()) -> tuple[Stage, ...]:
        """Declare the stages, the initial one first, the final ones last."""
        made = [Stage(name) for name in names] + [Stage(name, final=True) for name in final]
        self._stages += made
        return tuple(made)

    def usually(self, *at: Stage) -> None:
        """Where moves that are added from now on may be done, unless they say so themselves or stay
        possible after the end. Without it: in every stage but the final ones."""
        self._usual = at

    def track(self, name: str, *stages: str, within: Stage, title: str = "") -> tuple[Stage, ...]:
        """Declare a small statechart that runs per key inside one stage."""
        made = tuple(Stage(stage, track=name) for stage in stages)
        self._tracks.append(Track(name, title or name, within.name, made))
        return made

    def move(
        self,
        entry: type[Entry],
        *,
        by: Role | tuple[Role, ...],
        at: Stage | tuple[Stage, ...] = (),
        to: Stage | tuple[Stage, ...] = (),
        rules: Iterable[Rule] = (),
        warns: Iterable[WarnIf] = (),
        handler: Handler | None = None,
        facts: tuple[type[Entry], ...] = (),
        kind: str | None = None,
        also: Callable[[Any, Any, Any], Iterable[Elsewhere]] | None = None,
        about: About = "run",
        **flags: Any,
    ) -> None:
        """Add something that a participant can do.

        ``facts`` names what its handler may record; without a handler the entry records itself, and
        moves on to ``to`` if that is a single stage (of a track: by the move's ``key``). ``flags``
        are the remaining fields of ``Move``.
        """
        targets = _tuple(to)
        recorded = facts or ((entry,) if entry.__records__ else ())
        for fact in recorded:
            self.fact(fact)
        self._moves.append(
            Move(
                kind=kind or kebab(entry.__name__),
                title=title_of(entry),
                entry=entry,
                by=_tuple(by),
                at=_tuple(at) or (() if flags.get("after_close") else self._usual),
                to=targets,
                facts=recorded,
                rules=tuple(rules),
                warns=tuple(warns),
                handler=handler or _plain_handler(targets, flags.get("key")),
                also=also,
                about=about,
                **flags,
            )
        )

    def fact(self, fact: type[Entry]) -> None:
        """Declare a fact that some handler records."""
        name = fact.__records__
        if name is None:
            raise ValueError(f"{fact.__name__} has no permanent name: say records=...")
        kind = name if "/" in name else f"{self._id}/{name}"
        if kind.startswith("core/"):
            return
        known = self._facts.setdefault(kind, fact)
        if known is not fact:
            raise ValueError(f"{kind} names two facts: {known.__name__} and {fact.__name__}")

    def show(
        self,
        fact: type[Entry],
        *,
        to: Role | tuple[Role, ...],
        since: Stage | None = None,
        when: Callable[[Any, Recorded, Viewer], bool] | None = None,
        hide: tuple[str, ...] = (),
        today: bool = False,
    ) -> None:
        """Let somebody besides its author read a fact; see ``Show``."""
        self.fact(fact)
        self._shows.append(Show(fact, _tuple(to), since, when, hide, today))

    def view(
        self,
        name: str,
        title: str,
        *,
        to: Role | tuple[Role, ...],
        build: Callable[[Any, Any], Any],
        schema: type,
        when: Callable[[Any, Viewer], bool] | None = None,
        reveals: Mapping[type[Entry], str] | None = None,
        past: bool = True,
    ) -> None:
        """Add a read model."""
        self._views.append(View(name, title, _tuple(to), build, schema, when, reveals or {}, past))

    def watch(self, *watches: Watch) -> None:
        """Add standing conditions."""
        self._watches += watches

    def include(self, part: Part) -> None:
        """Add a piece that several methods share."""
        for fact in part.facts:
            self.fact(fact)
        self._moves += part.moves
        self._shows += part.shows
        self._views += part.views
        self._watches += part.watches

    def upcast(self, name: str, version: int) -> Callable[[Upcast], Upcast]:
        """Lift a fact of an old shape by one version: a pure function of plain JSON values."""

        def made(lift: Upcast) -> Upcast:
            self._upcasts[f"{self._id}/{name}", version] = lift
            return lift

        return made

    def build(self) -> Method:
        """The method as a value."""
        acknowledge = Move(
            kind="acknowledge-warning",
            title=title_of(core.WarningAcknowledged),
            entry=core.WarningAcknowledged,
            by=(ANYONE,),
            facts=(core.WarningAcknowledged,),
            rules=(_warning_stands, _warning_is_mine, _may_acknowledge(self._answers)),
            after_close=True,
        )
        return Method(
            id=self._id,
            version=self._version,
            title=self._title,
            state=self._state,
            roles=self._roles,
            stages=tuple(self._stages),
            tracks=tuple(self._tracks),
            moves=(*self._moves, acknowledge),
            facts=dict(self._facts),
            cast=self._cast,
            shows=tuple(self._shows),
            views=tuple(self._views),
            watches=tuple(self._watches),
            upcasts=dict(self._upcasts),
            stream=self._stream,
            source=self._source,
            **self._settings,
        )


def _plain_handler(targets: tuple[Stage, ...], key: Any) -> Handler | None:
    """Record the entry and go where there is only one way to go; ``None``: just record it."""
    if len(targets) != 1:
        return None
    target = targets[0]

    def record(s: Any, e: Any, ctx: Any) -> Iterable[Any]:
        del ctx
        if target.track is None:
            return (e, target)
        thing: Any = key(s, e) if callable(key) else getattr(e, key)
        return (e, Enter(target, str(thing)))

    return None if target.track is not None and key is None else record


def _tuple(one_or_many: Any) -> tuple[Any, ...]:
    if isinstance(one_or_many, tuple):
        return one_or_many  # pyright: ignore[reportUnknownVariableType]
    return (one_or_many,)


def kebab(name: str) -> str:
    """``RecordNote`` as ``record-note``."""
    return "".join(f"-{c.lower()}" if c.isupper() else c for c in name).lstrip("-")


@guard("NOT_FOUND", "There is no warning to acknowledge.")
def _warning_stands(s: Any, ctx: Any) -> bool:
    del s
    return bool(ctx.warnings)


@rule("NOT_FOUND", "There is no such warning.")
def _warning_is_mine(s: Any, e: core.WarningAcknowledged, ctx: Any) -> bool:
    del s
    return e.warning in ctx.warnings


def _may_acknowledge(answers: Callable[[Any, Any, Ctx], bool | None] | None) -> Rule:
    @rule("NOT_PERMITTED", "Somebody else answers for this warning.")
    def may_acknowledge(s: Any, e: core.WarningAcknowledged, ctx: Ctx) -> bool:
        """Whom it is about, the facilitators, and whoever the method says."""
        warning = ctx.warnings[e.warning]
        said = answers(s, warning, ctx) if answers is not None else None
        if said is not None:
            return said
        mine = warning.person == ctx.actor
        return mine or FACILITATOR.name in ctx.circles or ctx.acknowledges

    return may_acknowledge
