"""What everybody does once the stories are over: the rounds of a walk around a server."""

import re
from collections.abc import Iterable, Mapping, Sequence, Set
from typing import Any, cast
from uuid import UUID, uuid4

import msgspec
from tests.visibility.asking import Got, Seen, Viewer
from tests.visibility.looking import FLAWED, Looking
from tests.visibility.oracle import Oracle, Told
from tests.visibility.playing import Sent
from tests.visibility.routes import WORDS, Route, address

POSITIONS_EACH = 3
"""Past moments at which each stream is read again by everybody who knows it."""


NOBODYS = "00000000-0000-4000-8000-000000000000"
"""A guess at the id of something."""


class Rounds:
    """Goes round with everybody, when all has happened."""

    def __init__(self, looking: Looking, oracle: Oracle, sent: Sequence[Sent]) -> None:
        """``sent``: every command of the stories that was accepted."""
        self.looking = looking
        self.findings = looking.findings
        self.oracle = oracle
        self.sent = tuple(sent)
        self.streams = tuple(oracle.streams.values())

    def knowing(self, viewer: Viewer) -> list[Told]:
        """Streams that exist for somebody."""
        return [one for one in self.streams if self._knows(viewer, one)]

    def _knows(self, viewer: Viewer, here: Told) -> bool:
        return viewer.id is not None and self.oracle.knows(here.live.stream, viewer.id)

    def read(self, moments: Mapping[UUID, Sequence[int]]) -> None:
        """Everybody reads all that they may know of; one of each kind what they may not, the past,
        the lists, and what they can guess."""
        fill = self._guesses()
        every = _one_of_each(self._everywhere())
        kinds = {
            here.live.stream: [
                *self._kinds_of(here, known=True),
                *self._kinds_of(here, known=False),
            ]
            for here in self.streams
        }
        for viewer in self.looking.viewers:
            answers: list[Got] = []
            for here in self.streams:
                known, one = self._knows(viewer, here), viewer in kinds[here.live.stream]
                if not known and not one:
                    continue
                got = self.looking.stream(viewer, here, self.oracle, views=known)
                answers += got.values()
                if known and one:
                    self.looking.views_alike(viewer, here, self.oracle)
                    for at in _spread(moments.get(here.live.stream, ())):
                        answers += self._past(viewer, here, at)
            self.looking.signatures(viewer, self.oracle, answers)
            if viewer in every or viewer.token is None:
                self.looking.lists(viewer, self.oracle)
                self.looking.elsewhere(viewer, fill)

    def _past(self, viewer: Viewer, here: Told, at: int) -> Iterable[Got]:
        return self.looking.stream(viewer, here, self.oracle, str(at)).values()

    def _guesses(self) -> dict[str, Sequence[str]]:
        """With what blanks are filled: methods and codes that there are; else ids of everything."""
        methods = {one.compiled.method.id: one.compiled.method for one in self.streams}
        ids = [str(one.live.stream) for one in self.streams]
        ids += [str(fact.recorded.was.id) for fact in self.oracle.facts[::40]]
        return {
            "id": tuple(methods),
            "version": ("1",),
            "code": ("NOT_FOUND", "NO_HOST_VOICE"),
            "": tuple(ids),
        }

    def judge(self) -> None:
        """Hold what everybody was shown to the matrix."""
        for viewer in self.looking.viewers:
            seen = self.looking.asker.seen.get(viewer.name, Seen())
            self.looking.judge(viewer, self.oracle, seen, "at the end")
            self.looking.ids(viewer, self.oracle, seen)
            self._names(viewer, seen)

    def names(self) -> re.Pattern[str]:
        """Everybody's name."""
        return re.compile("|".join(re.escape(name) for name in sorted(self._named())))

    def _named(self) -> dict[str, list[Any]]:
        found: dict[str, list[Any]] = {}
        for fact in self.oracle.facts:
            if fact.recorded.kind == "alliance/person-added":
                found.setdefault(str(fact.data["name"]), []).append(fact)
        return found

    def _names(self, viewer: Viewer, seen: Seen) -> None:
        """Names of people are for members of their alliance."""
        named = self._named()
        for name, where in seen.texts.items():
            may = viewer.id is not None and any(
                self.oracle.hidden(fact, viewer.id) is not None for fact in named[name]
            )
            says = f"{viewer.name} reads the name {name} at {where}"
            self.findings.check("names stay within their alliance", may, says)

    # Trying to act

    def try_to_act(self) -> None:
        """Every action of every stream is tried, with a form that nothing takes and on a stale
        basis: by one of each kind of those who know the stream, and by two of those who do not."""
        for here in self.streams:
            known = self._kinds_of(here, known=True)
            unknown = self._kinds_of(here, known=False)
            for number, route in enumerate(self._actions(here)):
                for viewer in known:
                    path = route.filled(id=str(here.live.stream), token=NOBODYS)
                    self._try(viewer, route.verb, path, self._keys(here, viewer))
                for viewer in (unknown * 2)[number % len(unknown) :][:2]:
                    if not self._by_right(viewer, here, route):
                        self.looking.absent(viewer, here, route, self._keys(here, viewer))

    def _by_right(self, viewer: Viewer, here: Told, route: Route) -> bool:
        """Whether something is somebody's by right, though they belong to the alliance no more."""
        move = here.compiled.move(route.path.rpartition("/")[2])
        cast = here.compiled.cast(here.live.state)
        took_part = any(viewer.id in people for people in cast.values())
        return took_part and move is not None and move.right

    def nothing_there(self) -> None:
        """One of each kind of those who may not know a stream reads it like one there is not."""
        for here in self.streams:
            word = WORDS.get(here.compiled.method.stream)
            words = WORDS.values() if word is None else (word,)
            routes = [route for one in words for route in self.looking.routes.reading(one)]
            for viewer in self._kinds_of(here, known=False):
                for route in routes:
                    self.looking.absent(viewer, here, route, {})

    def _kinds_of(self, here: Told, *, known: bool) -> list[Viewer]:
        """One of each kind of those who know a stream, or do not."""
        return _one_of_each(self._kinds(here, known=known))

    def _kinds(self, here: Told, *, known: bool) -> Iterable[tuple[Any, Viewer]]:
        """Who knows a stream, or does not, and as what they stand there."""
        for viewer in self.looking.viewers:
            if self._knows(viewer, here) is known:
                id_ = here.live.stream
                cast = here.compiled.cast(here.live.state)
                roles = frozenset(role for role, people in cast.items() if viewer.id in people)
                columns = self.oracle.columns(id_, viewer.id) if viewer.id else viewer.name
                yield (columns, roles, viewer.token is None), viewer

    def _actions(self, here: Told) -> Iterable[Route]:
        """Every action on a stream that its method has; a stream without addresses has none."""
        word = WORDS.get(here.compiled.method.stream, "")
        for route in self.looking.routes.acting(word):
            if "/actions/" not in route.path or f"/{here.compiled.method.id}/" in route.path:
                yield route

    def _try(
        self, viewer: Viewer, verb: str, path: str, keys: Mapping[str, tuple[str, Any]]
    ) -> None:
        key, body = keys.get(path.partition("/actions/")[2], ("guess", {}))
        headers = {"Idempotency_Key": f"{key}-tried", "If_Match": '"0"'}
        bodies = [FLAWED, {**body, **FLAWED}] if "/actions/" in path else [_batch(path, body)]
        for said in bodies:
            self.looking.send(viewer, verb, path, said, **headers)

    def _keys(self, here: Told, viewer: Viewer) -> dict[str, tuple[str, Any]]:
        """For each action that others did in a stream: its idempotency key, and its form."""
        base = str(here.live.stream)
        return {
            one.path.partition("/actions/")[2].partition("?")[0]: (
                one.headers["Idempotency-Key"],
                one.body,
            )
            for one in self.sent
            if base in one.path and one.who != viewer.name
        }

    def rest(self) -> None:
        """Actions of methods of which there is no stream are tried where they have no place."""
        here = next(one for one in self.streams if one.compiled.method.stream == "run")
        for route in self.looking.routes.every:
            if route not in self.looking.routes.called and route.verb == "POST":
                for viewer in (self.looking.viewers[0], self.looking.viewers[-1]):
                    self.looking.post(
                        viewer,
                        route.filled(id=str(here.live.stream)),
                        FLAWED,
                        Idempotency_Key="rest",
                        If_Match='"0"',
                    )

    # Sending again

    def send_again(self, viewers: Mapping[str, Viewer]) -> None:
        """Everybody sends all that they did once more: it is told again as they may see it now."""
        asker = self.looking.asker
        for one in self.sent:
            viewer = viewers[one.who]
            got = asker.ask(viewer, "POST", one.path, self.looking.now, one.body, one.headers)
            says = f"{one.who} sends {one.path} again: {got.status} {got.text[:300]}"
            again = got.status == 200 and got.headers.get("idempotent-replayed") == "true"
            self.findings.check("what is sent again is told again", again, says)
            self._told_again(viewer, one, got)

    def _told_again(self, viewer: Viewer, one: Sent, got: Got) -> None:
        """An answer tells again of facts and warnings that its reader may still know of."""
        if got.status != 200 or viewer.id is None:
            return
        facts = {fact.recorded.was.id: fact for fact in self.oracle.facts}
        told = got.json
        for thing in (*told["events"], *told["warnings"]):
            fact = facts[UUID(thing["id"])]
            may = self.oracle.hidden(fact, viewer.id) is not None
            says = f"{viewer.name} is told again of {fact.recorded.kind} by {one.path}"
            self.findings.check("what is sent again tells nothing new", may, says)

    # Guessing ids of things

    def guess(self) -> None:
        """A reference to something one may not see is answered like one to nothing."""
        facts = {str(fact.recorded.was.id) for fact in self.oracle.facts}
        for here in self.streams:
            base = f"/{here.live.stream}/actions/"
            done = {
                (one.path, pointer): one
                for one in self.sent
                for pointer in _refs(one.body, facts)
                if base in one.path
            }
            for viewer in self._kinds_of(here, known=True):
                for (_, pointer), one in done.items():
                    for hidden in self._hidden(viewer, here.live.stream)[:2]:
                        self._guess(viewer, one, pointer, hidden)

    def _hidden(self, viewer: Viewer, stream: UUID) -> list[UUID]:
        assert viewer.id is not None
        return [
            fact.recorded.was.id
            for fact in self.oracle.streams[stream].facts
            if fact.words() and self.oracle.hidden(fact, viewer.id) is None
        ]

    def _guess(self, viewer: Viewer, one: Sent, pointer: tuple[Any, ...], hidden: UUID) -> None:
        answers: list[Got] = []
        for id_ in (hidden, uuid4()):
            body = _with(one.body, pointer, str(id_))
            headers = {"Idempotency_Key": f"guess-{uuid4()}", "If_Match": '"0"'}
            answers.append(self.looking.post(viewer, one.path, body, **headers))
        first, second = answers
        says = f"{viewer.name}: {one.path} {pointer}: {first.alike()} is not {second.alike()}"
        self.findings.check("a guess tells nothing", first.alike() == second.alike(), says)

    # Live

    def follow(self, after: int) -> None:
        """Live updates, resumed from an old id, tell only of what somebody may see."""
        self.looking.routes.note("GET", "/v1/events")
        for viewer in _one_of_each(self._everywhere()):
            path = f"/v1/events?after={after}"
            told: set[str] = set()
            for notice in self.looking.asker.follow(viewer, path, self.looking.now):
                if notice["event"] == "change":
                    first = notice["stream"] not in told
                    told.add(notice["stream"])
                    self._noticed(viewer, notice, first=first)

    def _everywhere(self) -> Iterable[tuple[Any, Viewer]]:
        """Everybody who has a token, and where they stand in everything."""
        for viewer in self.looking.viewers:
            if viewer.id is not None:
                kinds = [self.oracle.columns(one.live.stream, viewer.id) for one in self.streams]
                yield str([sorted(columns) for columns in kinds]), viewer

    def _noticed(self, viewer: Viewer, notice: dict[str, Any], *, first: bool) -> None:
        stream = UUID(notice["stream"])
        says = f"{viewer.name} is told of {notice}"
        assert viewer.id is not None
        known = self.oracle.knows(stream, viewer.id)
        self.findings.check("live updates tell of what is known", known, says)
        changed = not known or self._changed(viewer, stream, notice["position"], first=first)
        self.findings.check("live updates come where something changed", changed, says)

    def _changed(self, viewer: Viewer, stream: UUID, position: int, *, first: bool) -> bool:
        """Whether somebody sees that something happened there: the fact, or the stream itself, or
        that something they saw is gone. The first notice tells of all that changed since."""
        assert viewer.id is not None
        here = self.oracle.streams[stream]
        for fact in here.facts:
            if fact.position == position:
                done = self.oracle.hidden(fact, viewer.id) is not None
                took = {"withdraw", "retract", "left", "declined"}
                if done or any(word in fact.recorded.kind for word in took):
                    return True
        word = WORDS[here.compiled.method.stream]
        base = address(word, stream)
        then = base if first else f"{base}?at={position}"
        looks = [
            self.looking.get(viewer, path).json for path in (f"{base}?at={position - 1}", then)
        ]
        moving = ("revision", "position", "updated_at", "actions", "links")
        before, after = ({n: v for n, v in one.items() if n not in moving} for one in looks)
        return before != after


def _one_of_each(kinds: Iterable[tuple[Any, Viewer]]) -> list[Viewer]:
    return list(dict(reversed(list(kinds))).values())


def _spread(moments: Sequence[int]) -> list[int]:
    """A few of the moments, from the first to the last."""
    several = sorted({*moments})
    step = max(1, len(several) // POSITIONS_EACH)
    return several[::step][:POSITIONS_EACH]


def _batch(path: str, body: Any) -> Any:
    del path, body
    item = {"key": "offline", "occurred_at": "2026-12-01T09:00:00Z", "body": FLAWED}
    return {"items": [{**item, "action": "learning-walk/record-note"}, {**item, "action": "no/no"}]}


def _refs(body: Any, facts: Set[str], at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Where in a form an id of something recorded stands."""
    if isinstance(body, str):
        return [at] if body in facts else []
    inner: list[tuple[Any, Any]] = []
    if isinstance(body, dict):
        inner = list(cast("dict[str, Any]", body).items())
    elif isinstance(body, list):
        inner = list(enumerate(cast("list[Any]", body)))
    return [found for key, one in inner for found in _refs(one, facts, (*at, key))]


def _with(body: Any, pointer: tuple[Any, ...], value: str) -> Any:
    made: Any = msgspec.json.decode(msgspec.json.encode(body))
    holder = made
    for step in pointer[:-1]:
        holder = holder[step]
    holder[pointer[-1]] = value
    return made
