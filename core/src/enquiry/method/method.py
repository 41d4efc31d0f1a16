"""The Method: a frozen value from which everything else is derived."""

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any, Literal
from uuid import UUID

from msgspec import Struct

from enquiry.method.ctx import Ctx
from enquiry.method.entry import Entry, State, Was
from enquiry.method.retention import Keep
from enquiry.method.roles import Role, Viewer
from enquiry.method.rules import Rule, WarnIf, Watch


class Stage(Struct, frozen=True):
    """A place in the statechart; with ``track`` it is one of a small chart kept per key."""

    name: str
    title: str = ""
    final: bool = False
    track: str | None = None


class Enter(Struct, frozen=True):
    """A handler yields this to move a track: the visit with this key is now in that stage."""

    stage: Stage
    key: str


class Elsewhere(Struct, frozen=True):
    """A fact for another stream, in the same append. Only the kernel's own parts make these."""

    stream: UUID
    method: str
    fact: Entry


class PutAside(Struct, frozen=True):
    """A handler yields this for words that must never be recorded with the act: they go into a
    sealed box, among others, in no order, and nothing tells whose they are."""

    box: UUID
    words: str


class Emptied(Struct, frozen=True):
    """A handler yields this when what was in a box is no longer kept."""

    box: UUID


class Box(Struct, frozen=True):
    """What ``ctx.read`` finds under the id of a box; ``None`` for one that is empty."""

    words: tuple[str, ...]
    """In no order."""


Yielded = Entry | Stage | Enter | Any
Handler = Callable[[Any, Any, Ctx], Iterable[Any]]
About = str | Callable[[Any], str]
StreamKind = Literal["run", "enquiry", "alliance", "calendar", "concerns", "drafts"]


class Track(Struct, frozen=True):
    """A small statechart per key (a visit, a round), inside one stage of the large one."""

    name: str
    title: str
    within: str
    stages: tuple[Stage, ...]


class Move(Struct, frozen=True, kw_only=True):
    """Something a participant can do."""

    kind: str
    """Kebab-case name, as in the address."""
    title: str
    entry: type[Entry]
    by: tuple[Role, ...]
    at: tuple[Stage, ...] = ()
    """Stages in which it may be done; empty: in every stage but the final ones."""
    to: tuple[Stage, ...] = ()
    """Where it may lead."""
    facts: tuple[type[Entry], ...] = ()
    """What it may record."""
    rules: tuple[Rule, ...] = ()
    """Conditions, in the order of the rule table; core sorts by step and keeps the order within."""
    warns: tuple[WarnIf, ...] = ()
    handler: Handler | None = None
    """Yields what is recorded; without one the entry is recorded as it stands."""
    also: Callable[[Any, Any, Ctx], Iterable[Elsewhere]] | None = None
    decision: bool = False
    """It decides something shared: the caller says which revision they decided on."""
    about: About = "run"
    """The object a decision is about: it is stale only if a later decision touched that."""
    key: str | Callable[[Any, Any], str | None] | None = None
    """For a move inside a track: the address field with the key, or (state, entry) -> key."""
    mine: Callable[[Any, str, Ctx], bool] | None = None
    """For a move inside a track: whether the thing with this key is offered to the actor. What
    they may not know of must not be offered."""
    opens: bool = False
    """It opens a stream."""
    right: bool = False
    """It is theirs by right: open even to somebody who no longer belongs to the alliance."""
    after_close: bool = False
    """It stays possible when the record is closed: rights are never closed."""
    offline: bool = False
    """It may be captured offline and sent later, in a batch."""
    secret: bool = False
    """Nothing of its form is kept but what its handler records: no digest of it, no remark."""
    unboxes: bool = False
    """It looks into boxes."""
    confidential: bool = False
    """That it was done at all is nobody's business: it is not told apart in counts and logs."""
    deviation: bool = False
    """It records that the protocol was not followed, and why."""
    help: str = ""


class Recorded(Struct, frozen=True):
    """A fact as it is shown to rules of visibility: decoded, with who held which role then."""

    kind: str
    entry: Entry
    was: Was
    cast: Mapping[str, tuple[UUID, ...]]
    track: str | None = None
    """Which of the parallel things it belongs to."""
    version: int = 1
    """Schema version under which it is stored."""


class Show(Struct, frozen=True):
    """Who may read a fact. Nobody but its author may, unless a row says so."""

    fact: type[Entry]
    to: tuple[Role, ...]
    """Roles as cast when it was recorded; circles as they are today."""
    since: Stage | None = None
    """Only once this stage has been entered, at or after the recording; a stage of a track: by the
    thing that the fact belongs to."""
    when: Callable[[Any, Recorded, Viewer], bool] | None = None
    """A pure condition on (state now, fact, viewer), for what rows cannot say."""
    hide: tuple[str, ...] = ()
    """Fields these readers do not get; ``by`` hides the author."""
    today: bool = False
    """Roles as they are held today: for plans, which whoever joins later must read as well."""


class Look(Struct, frozen=True):
    """What a view may look at besides the state."""

    viewer: Viewer
    cast: Mapping[str, tuple[UUID, ...]]
    now: Any
    read: Callable[[UUID], Any]
    """State of another stream, or ``None``."""
    stage: str
    alliance: UUID
    stream: UUID
    options: Any = None
    """What was chosen when the stream was opened, in the method's own type."""
    warnings: tuple[Any, ...] = ()
    """Standing warnings that the viewer may see, oldest first."""
    raised: Mapping[UUID, Any] = {}
    """Every warning of the stream, as in ``Ctx``: a view may tell that one blocks a gate, not what
    it says."""

    def has(self, *roles: Role) -> bool:
        """Whether the viewer holds one of these roles now, or belongs to one of these circles."""
        return any(
            r.name in self.viewer.circles
            if r.circle
            else self.viewer.person in self.cast.get(r.name, ())
            for r in roles
        )


class View(Struct, frozen=True):
    """A read model: a pure function of the folded state and of who looks."""

    name: str
    title: str
    to: tuple[Role, ...]
    build: Callable[[Any, Look], Any]
    schema: type
    when: Callable[[Any, Viewer], bool] | None = None
    """Beyond ``to``: whether this viewer may see it at all, given the state."""
    reveals: Mapping[type[Entry], str] = {}
    """Facts of which it tells something (a count, who has yet to act) to people who may not read
    them, and why that is right. The sentence is shown to whoever fills in the form."""
    past: bool = True
    """Whether it can be asked for as it was at an earlier moment. Not where two moments, compared,
    would tell what came when."""


class Part(Struct, frozen=True):
    """A piece of a method that several methods share."""

    moves: tuple[Move, ...] = ()
    facts: tuple[type[Entry], ...] = ()
    shows: tuple[Show, ...] = ()
    views: tuple[View, ...] = ()
    watches: tuple[Watch, ...] = ()


Cast = Callable[[Any], Mapping[str, tuple[UUID, ...]]]
Upcast = Callable[[dict[str, Any]], dict[str, Any]]


class Method(Struct, frozen=True, kw_only=True):
    """A method as a value. ``id`` and the names of its facts are permanent."""

    id: str
    version: int
    title: str
    state: type[State]
    roles: tuple[Role, ...]
    stages: tuple[Stage, ...]
    tracks: tuple[Track, ...] = ()
    moves: tuple[Move, ...]
    facts: Mapping[str, type[Entry]]
    """Every fact by its permanent name, such as ``learning-walk/note-recorded``."""
    cast: Cast
    cast_of: Callable[[Any, Entry], Mapping[str, tuple[UUID, ...]]] | None = None
    """Roles that depend on what a fact is about (who was present at *that* visit)."""
    shows: tuple[Show, ...] = ()
    views: tuple[View, ...] = ()
    watches: tuple[Watch, ...] = ()
    gone: Callable[[Any], Collection[UUID]] | None = None
    """Ids of facts that have been withdrawn or retracted: shown to nobody."""
    withheld: Callable[[Any], Mapping[UUID, UUID]] | None = None
    """Facts that their author has taken back from everybody else: the author by the fact's id."""
    upcasts: Mapping[tuple[str, int], Upcast] = {}
    options: type[Any] | None = None
    """Type of the parameters that are chosen when a stream is opened, all with defaults."""
    stream: StreamKind = "run"
    moderators: tuple[Role, ...] = ()
    """Who sees, besides the author, what TextGuard remarked."""
    acknowledgers: tuple[Role, ...] = ()
    """Who may acknowledge a warning of the group."""
    group: tuple[Role, ...] = ()
    """Who the group is that sees its warnings; empty: everybody who holds a role."""
    moot: Callable[[Any], Collection[str]] | None = None
    """Objects that no longer stand (a visit that was skipped): warnings about them are resolved."""
    retention: tuple[Keep, ...] = ()
    """How long each kind of text is kept; without any row, until erasure is asked for."""
    source: str = ""

    def move(self, kind: str) -> Move | None:
        """The move of this name."""
        return next((m for m in self.moves if m.kind == kind), None)

    def stage(self, name: str) -> Stage | None:
        """The stage of this name, of the large chart or of a track."""
        every = (*self.stages, *(s for t in self.tracks for s in t.stages))
        return next((s for s in every if s.name == name), None)
