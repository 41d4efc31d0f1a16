"""A walk around a server: everybody asks for everything, and what they are shown is judged."""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import msgspec
from msgspec import Struct, field
from tests.visibility.asking import Asker, Got, Seen, Viewer
from tests.visibility.canaries import plain_ids, things
from tests.visibility.oracle import Oracle, Told
from tests.visibility.routes import WORDS, Route, Routes, address

NOWHERE = "no-such-thing"
FLAWED = {"zz-no-such-field": 1}
"""A body that no form takes: whoever may act is told so, and nothing is ever recorded."""
PAGE = 200


FOR_STEWARDS = ("/accesses", "/service-tokens")
"""That these are there is no secret; what they hold is for stewards."""


class Findings(Struct):
    """What is not as it should be, by kind; and that anything was looked at, at all."""

    wrong: dict[str, list[str]] = field(default_factory=dict)
    looked: dict[str, int] = field(default_factory=dict)

    def check(self, kind: str, holds: bool, says: str = "") -> None:
        """Count one check, and keep what it says if it does not hold."""
        self.looked[kind] = self.looked.get(kind, 0) + 1
        if not holds:
            self.wrong.setdefault(kind, []).append(says)


class Looking:
    """Somebody goes round and asks in everybody's name."""

    def __init__(self, asker: Asker, routes: Routes, viewers: Sequence[Viewer]) -> None:
        """Ask as each of these viewers."""
        self.asker = asker
        self.routes = routes
        self.viewers = tuple(viewers)
        self.findings = Findings()
        self.now = ""

    def get(self, viewer: Viewer, path: str) -> Got:
        """Read something."""
        self.routes.note("GET", path)
        return self.asker.ask(viewer, "GET", path, self.now)

    def post(self, viewer: Viewer, path: str, body: Any, **headers: str) -> Got:
        """Try to do something; what is tried here is never to be recorded."""
        return self.send(viewer, "POST", path, body, **headers)

    def send(self, viewer: Viewer, verb: str, path: str, body: Any, **headers: str) -> Got:
        """Try to do something, by whatever verb."""
        self.routes.note(verb, path)
        said = {name.replace("_", "-"): value for name, value in headers.items()}
        got = self.asker.ask(viewer, verb, path, self.now, body, said)
        at = f"{viewer.name}: {verb} {path} {msgspec.json.encode(body).decode()[:200]}"
        self.findings.check("nothing is recorded by looking", got.status not in (201, 204), at)
        return got

    # One stream

    def stream(
        self,
        viewer: Viewer,
        here: Told,
        oracle: Oracle,
        at: str = "",
        *,
        views: bool = True,
        on_the_way: bool = False,
    ) -> dict[str, Got]:
        """Read all of one stream, and judge what is there and what is absent.

        Without ``views``, only the stream itself and its history; on the way neither what has a
        name of its own to be guessed (a certificate).
        """
        word = WORDS.get(here.compiled.method.stream)
        if word is None:
            return {}
        found: dict[str, Got] = {}
        for route in self.routes.reading(word):
            guessed = {*route.blanks} - {"id", "name"}
            if (at and "at" not in route.takes) or (guessed and on_the_way):
                continue
            if "name" in route.blanks and not views:
                continue
            for path in self._filled(route, here, viewer):
                found[path] = got = self.get(viewer, path + (f"?at={at}" if at else ""))
                self._present(viewer, here, oracle, route, path, got, at)
        for page in self._pages(viewer, found, address(word, here.live.stream), at):
            found[page.text] = page
        return found

    def _filled(self, route: Route, here: Told, viewer: Viewer | None = None) -> list[str]:
        """A route about one stream, filled in: every view by its name, and a name that none has;
        any other blank by whatever was recorded under such a name, and by who asks."""
        id_ = str(here.live.stream)
        others = [blank for blank in route.blanks if blank != "id"]
        if not others:
            return [route.filled(id=id_)]
        values = [view.name for view in here.compiled.method.views]
        if others != ["name"]:
            named = [f.recorded.was.id for f in here.facts if others[0] in f.recorded.kind]
            values = [*map(str, named), str(viewer.id if viewer else id_)]
        return [
            route.filled(id=id_, **dict.fromkeys(others, value)) for value in (*values, NOWHERE)
        ]

    def _pages(self, viewer: Viewer, found: Mapping[str, Got], base: str, at: str) -> Iterable[Got]:
        first = found.get(f"{base}/history")
        cursor = first.json["next_cursor"] if first is not None and first.status == 200 else None
        while cursor is not None:
            query = f"?limit={PAGE}&cursor={cursor}" + (f"&at={at}" if at else "")
            page = self.get(viewer, f"{base}/history{query}")
            yield page
            cursor = page.json["next_cursor"]

    def _present(
        self,
        viewer: Viewer,
        here: Told,
        oracle: Oracle,
        route: Route,
        path: str,
        got: Got,
        at: str,
    ) -> None:
        """What is there for somebody is what the matrix says, and nothing beside it."""
        promised = viewer.id is not None and oracle.knows(here.live.stream, viewer.id)
        if "name" in route.blanks and promised and viewer.id is not None:
            promised = path.rpartition("/")[2] in oracle.views(here.live.stream, viewer.id)
        says = f"{viewer.name}: {path}{'?at=' + at if at else ''}: {got.status}"
        if not promised:
            absent = 404 if viewer.token is not None else 401
            self.findings.check("what is denied is absent", got.status == absent, says)
        elif route.path.endswith(FOR_STEWARDS):
            fits = got.status in (200, 403)
            self.findings.check("what is asked for is shown or absent", fits, says)
        elif at or route.needs or {*route.blanks} - {"name", "id"}:
            # A past state may lie before the stream; a thing that is guessed need not be there.
            fits = got.status in (200, 404)
            self.findings.check("what is asked for is shown or absent", fits, says)
        else:
            self.findings.check("what is promised is there", got.status == 200, says)

    # Everything that is about no single stream

    def lists(self, viewer: Viewer, oracle: Oracle) -> None:
        """Lists and the inbox name exactly the streams that somebody may know."""
        for kind, word in WORDS.items():
            listed = [UUID(item["id"]) for item in self._all(viewer, f"/v1/{word}")]
            known = {
                id_
                for id_, one in oracle.streams.items()
                if one.compiled.method.stream == kind
                and viewer.id is not None
                and oracle.knows(id_, viewer.id)
            }
            says = f"{viewer.name}: /v1/{word} lists {listed}, and not {known}"
            exact = len(listed) == len({*listed}) and {*listed} == known
            self.findings.check("lists are exact", exact, says)
            alliances = {one.live.alliance for one in oracle.streams.values()} | {uuid4()}
            for alliance in alliances if kind != "alliance" else ():
                for item in self._all(viewer, f"/v1/{word}?alliance={alliance}"):
                    own = oracle.streams[UUID(item["id"])].live.alliance == alliance
                    self.findings.check("lists are exact", own and UUID(item["id"]) in known, says)
        for item in self._all(viewer, "/v1/inbox"):
            known = viewer.id is not None and oracle.knows(UUID(item["run"]["id"]), viewer.id)
            self.findings.check("lists are exact", known, f"{viewer.name}: inbox {item['run']}")

    def _all(self, viewer: Viewer, path: str) -> Iterable[dict[str, Any]]:
        """Every item of a list, asked for one by one, so that no page tells of what is left out."""
        cursor: str | None = ""
        while cursor is not None:
            more = f"{'&' if '?' in path else '?'}limit=1" + (f"&cursor={cursor}" if cursor else "")
            page = self.get(viewer, path + more)
            if page.status != 200:
                denied = viewer.token is None and page.status == 401
                self.findings.check("lists are exact", denied, f"{viewer.name}: {path} {page}")
                return
            yield from page.json["items"]
            cursor = page.json["next_cursor"]

    def elsewhere(self, viewer: Viewer, fill: Mapping[str, Sequence[str]]) -> None:
        """Every other address, with its blanks filled by whatever somebody might guess."""
        for route in self.routes.elsewhere():
            for path in _guessed(route, fill):
                if route.verb == "GET":
                    self.get(viewer, path)
                elif route.verb == "POST":
                    headers = {"Idempotency_Key": "guess", "If_Match": '"0"'}
                    self.post(viewer, path, FLAWED, **headers)

    # What may not be known looks like what is not there

    def absent(
        self, viewer: Viewer, here: Told, route: Route, keys: Mapping[str, tuple[str, Any]]
    ) -> None:
        """Whoever may not know a stream is answered as if it had never been.

        ``keys``: for actions that were done in it, an idempotency key of somebody else, and their
        form.
        """
        there = self._filled(route, here)
        nowhere = [path.replace(str(here.live.stream), str(uuid4())) for path in there]
        for one, other in list(zip(there, nowhere, strict=True))[-2:]:
            self._alike(viewer, route, one, other, keys)

    def _alike(
        self,
        viewer: Viewer,
        route: Route,
        one: str,
        other: str,
        keys: Mapping[str, tuple[str, Any]],
    ) -> None:
        if route.verb == "GET":
            pairs = [(self.get(viewer, one), self.get(viewer, other))]
            if "at" in route.takes:
                pairs.append((self.get(viewer, f"{one}?at=1"), self.get(viewer, f"{other}?at=1")))
        else:
            key, body = keys.get(one.partition("/actions/")[2], ("guess", FLAWED))
            headers = {"Idempotency_Key": key, "If_Match": '"0"'}
            sends = partial(self.send, viewer, route.verb, **headers)
            pairs = [(sends(one, said), sends(other, said)) for said in (body, FLAWED)]
        for first, second in pairs:
            says = f"{viewer.name}: {route.verb} {one}: {first.alike()} is not {second.alike()}"
            self.findings.check("what may not be known looks absent", _same(first, second), says)

    def views_alike(self, viewer: Viewer, here: Told, oracle: Oracle) -> None:
        """Whoever knows a stream cannot tell a view that is not for them from one there is not."""
        word = WORDS.get(here.compiled.method.stream)
        if word is None or viewer.id is None or not oracle.knows(here.live.stream, viewer.id):
            return
        base = f"{address(word, here.live.stream)}/views/"
        for view in here.compiled.method.views:
            if view.name not in oracle.views(here.live.stream, viewer.id):
                first, second = self.get(viewer, base + view.name), self.get(viewer, base + NOWHERE)
                says = f"{viewer.name}: {base}{view.name}: {first.alike()} is not {second.alike()}"
                same = _same(first, second)
                self.findings.check("what may not be known looks absent", same, says)

    # What somebody was shown

    def judge(self, viewer: Viewer, oracle: Oracle, seen: Seen, when: str) -> None:
        """Hold what somebody was shown to what the matrix lets them read: no less, and no more."""
        allowed = oracle.words(viewer.id) if viewer.id is not None else frozenset[str]()
        promised = oracle.promised(viewer.id) if viewer.id is not None else frozenset[str]()
        for word, where in seen.words.items():
            says = f"{when}: {viewer.name} reads {word} at {where}: {whose(oracle, word)}"
            self.findings.check("nobody reads what they may not", word in allowed, says)
        for word in promised:
            says = f"{when}: {viewer.name} finds {word} nowhere: {whose(oracle, word)}"
            self.findings.check("everybody reads what they may", word in seen.words, says)

    def ids(self, viewer: Viewer, oracle: Oracle, seen: Seen) -> None:
        """Ids of streams and facts are for those who may know of them."""
        every = {fact.recorded.was.id: fact for fact in oracle.facts}
        allowed: set[UUID] = set()
        if viewer.id is not None:
            allowed |= {id_ for id_ in oracle.streams if oracle.knows(id_, viewer.id)}
            for fact in oracle.facts:
                hide = oracle.hidden(fact, viewer.id)
                if hide is not None:
                    allowed |= fact.ids(hide)
        for id_, where in seen.ids.items():
            if id_ in every or id_ in oracle.streams:
                what = every[id_].recorded.kind if id_ in every else "a stream"
                says = f"{viewer.name} learns of {id_} at {where}: {what}"
                self.findings.check("nobody learns of what they may not", id_ in allowed, says)

    def signatures(self, viewer: Viewer, oracle: Oracle, answers: Iterable[Got]) -> None:
        """Where an author is hidden from somebody, no object names the thing and its author."""
        if viewer.id is None:
            return
        unsigned = {
            fact.recorded.was.id: fact.recorded.was.by
            for fact in oracle.facts
            if "by" in (oracle.hidden(fact, viewer.id) or ())
        }
        unplaced = {
            str(fact.recorded.was.id)
            for fact in oracle.facts
            if type(fact.recorded.entry).__unsigned__ and fact.recorded.was.by != viewer.id
        }
        for got in answers:
            for thing in things(got.json):
                if str(thing.get("id")) in unplaced and "revision" in thing:
                    says = f"{viewer.name} learns when it was written: {thing}"
                    self.findings.check("what is unsigned stays unsigned", False, says)
                ids = plain_ids(thing)
                for id_ in ids & unsigned.keys():
                    says = f"{viewer.name} learns who wrote {thing}"
                    named = unsigned[id_] in ids
                    self.findings.check("what is unsigned stays unsigned", not named, says)


def whose(oracle: Oracle, word: str) -> str:
    """What a word stands in, for whoever has to find out what went wrong."""
    for fact in oracle.facts:
        if word in fact.words():
            was = fact.recorded.was
            return f"{fact.recorded.kind} of {was.by}, revision {was.revision} of {fact.stream}"
    return "it was refused, and stands nowhere"


def _same(first: Got, second: Got) -> bool:
    return first.alike() == second.alike()


def _guessed(route: Route, fill: Mapping[str, Sequence[str]]) -> list[str]:
    most = max((len(fill.get(blank, fill[""])) for blank in route.blanks), default=1)
    return [
        route.filled(
            **{
                blank: (values := fill.get(blank, fill[""]))[number % len(values)]
                for blank in route.blanks
            }
        )
        for number in range(most)
    ]
