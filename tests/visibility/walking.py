"""The walk: stories are played, everybody looks at every turn, and at the end at everything."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from uuid import UUID, uuid4

from anyio.from_thread import BlockingPortal
from msgspec import Struct
from tests.visibility.asking import Asker, Got, Seen, Viewer
from tests.visibility.canaries import words_in
from tests.visibility.looking import Findings, Looking, whose
from tests.visibility.matrix import matrix
from tests.visibility.oracle import Oracle, Teller, Told
from tests.visibility.playing import PlantingPlayer, Served
from tests.visibility.rounds import Rounds
from tests.visibility.routes import Route, Routes

from enquiry.kernel.alliance.state import Alliance
from enquiry.method.core_facts import StageEntered, TrackEntered
from enquiry_api.journeys.names import Names
from enquiry_api.journeys.names import Stream as Opened
from enquiry_api.journeys.scenes import Scene
from enquiry_api.journeys.story import read_story

TURNS = frozenset(
    {
        "close-corridor",
        "end-membership",
        "end-visit",
        "give-client-feedback",
        "leave-run",
        "publish-run-evidence",
        "retract-note",
        "share-item",
        "share-outcomes",
        "withdraw-consent",
    }
)
"""Before and after the first of each of these in a stream, everybody looks at it."""
EACH_TIME = frozenset({"share-outcomes"})
"""The same, each time."""
FOLLOWED = 80
"""How many of the last events live updates are resumed over."""
NOBODY = Viewer("whoever shows no token", None, None)
OPEN = ("/livez", "/readyz", "/metrics", "/v1", "/v1/openapi.json", "/v1/reference", "/v1/methods")


class Look(Struct, frozen=True):
    """What one person saw of a stream at one moment."""

    readable: frozenset[UUID]
    every: frozenset[UUID]
    """Every fact that there was, to be read or not."""
    views: dict[str, str]

    @classmethod
    def of(cls, oracle: Oracle, here: Told, person: UUID, got: dict[str, Got]) -> "Look":
        """What the matrix let them read, and how the views looked."""
        every = {fact.recorded.was.id: fact for fact in here.facts}
        readable = {id_ for id_, f in every.items() if oracle.hidden(f, person) is not None}
        views = {
            path.rpartition("/")[2]: one.text
            for path, one in got.items()
            if "/views/" in path and one.status == 200
        }
        return cls(frozenset(readable), frozenset(every), views)


class Walk:
    """All that was seen on the way, and who saw it."""

    def __init__(self, here: Served, portal: BlockingPortal) -> None:
        """Walk around this server."""
        self.here = here
        self.portal = portal
        self.teller = Teller(here.system)
        self.player = PlantingPlayer(here)
        self.player.between = self._between
        self.asker = Asker(here.url)
        document = self.asker.ask(NOBODY, "GET", "/v1/openapi.json", "2026-09-01T09:00:00Z").json
        self.looking = Looking(self.asker, Routes(document), ())
        self.operator = Viewer("the operator", UUID(int=1), here.operator)
        # Somebody follows from the start, so that whoever comes back later is served from memory.
        self.following = self.asker.open(self.operator, "/v1/events")
        self.moments: dict[UUID, list[int]] = {}
        self.turned: set[tuple[str | None, str, str, int]] = set()
        self.oracle = Oracle(matrix(), {}, datetime.fromisoformat("2026-09-01T09:00:00Z"))
        self.looks: dict[tuple[UUID, UUID], Look] = {}
        self.rounds: Rounds
        self.saw: set[str] = set()

    @property
    def findings(self) -> Findings:
        """What was found."""
        return self.looking.findings

    def close(self) -> None:
        """Let every connection go."""
        self.following.close()
        self.player.close()
        self.asker.close()

    def play(self, stories: Iterable[Path]) -> None:
        """Play the stories; everybody looks on the way."""
        self.player.play(*map(read_story, stories))

    def _told(self) -> Oracle:
        streams = self.portal.call(self.teller.told)
        return Oracle(matrix(), streams, datetime.fromisoformat(self.looking.now))

    def viewers(self) -> list[Viewer]:
        """Everybody in the stories, and those who are in none."""
        people = [Viewer(n, id_, self.here.mint(id_)) for n, id_ in self.player.everybody().items()]
        someone = uuid4()
        nowhere = Viewer("somebody who belongs nowhere", someone, self.here.mint(someone))
        return [*people, nowhere, self.operator, NOBODY]

    # On the way

    def _between(self, scene: Scene, names: Names, when: str) -> None:
        kind = (scene.step.do or "").partition("/")[2]
        turn = scene.step.on, kind, when, scene.number if kind in EACH_TIME else 0
        if kind not in TURNS or turn in self.turned:
            return
        self.turned.add(turn)
        self.looking.now = scene.now.isoformat().replace("+00:00", "Z")
        oracle = self._told()
        opened = names.find(scene.step.on or "")
        assert isinstance(opened, Opened)
        here = oracle.streams[UUID(opened.id)]
        every = here.compiled.method.stream == "alliance"
        for one in oracle.streams.values() if every else (here,):
            if when == "before":
                self.moments.setdefault(one.live.stream, []).append(one.live.position)
            self._moment(oracle, one, f"{when} {scene.where} ({scene.tell})")

    def _moment(self, oracle: Oracle, here: Told, when: str) -> None:
        """Everybody who has a part in the stream looks, and one of each kind of the others."""
        asked: set[frozenset[str]] = set()
        circles = {*oracle.matrix.circles.values()}
        for viewer in self.viewers():
            id_ = here.live.stream
            known = viewer.id is not None and oracle.knows(id_, viewer.id)
            kind = oracle.columns(id_, viewer.id) if viewer.id else frozenset({"nobody"})
            if kind <= circles or not viewer.id:
                if kind in asked:
                    continue
                asked.add(kind)
            seen = self.asker.seen[viewer.name] = Seen()
            got = self.looking.stream(viewer, here, oracle, views=known, on_the_way=True)
            self.looking.judge(viewer, oracle.of(here), seen, when)
            if viewer.id is not None and known:
                look = Look.of(oracle, here, viewer.id, got)
                before = self.looks.get((id_, viewer.id))
                if when.startswith("after") and before is not None:
                    self._compared(viewer, here, before, look, when)
                self.looks[id_, viewer.id] = look

    def _compared(
        self, viewer: Viewer, here: Told, before: "Look", after: "Look", when: str
    ) -> None:
        """A view changes for whoever may read something else than before, or is meant to learn of
        what was done; for nobody else, unless the run itself has moved on."""
        new = after.every - before.every
        done = {type(f.recorded.entry) for f in here.facts if f.recorded.was.id in new}
        moved = bool(done & {StageEntered, TrackEntered})
        learns = moved or before.readable != after.readable
        for view in here.compiled.method.views:
            texts = before.views.get(view.name), after.views.get(view.name)
            same = None in texts or texts[0] == texts[1]
            fits = same or learns or bool(done & view.reveals.keys())
            says = f"{when}: {view.name} changes for {viewer.name}: {texts}"
            self.findings.check("a view changes for those who learn something", fits, says)

    # At the end

    def look(self) -> None:
        """Everybody looks at everything."""
        self.looking.now = self.player.now
        self.looking.viewers = tuple(self.viewers())
        self.oracle = self._told()
        self.rounds = Rounds(self.looking, self.oracle, self.player.sent)
        self.asker.names = self.rounds.names()
        self.asker.seen.clear()
        self.rounds.read(self.moments)
        # Some reading is itself on record, for whoever it is about.
        self.oracle = self.rounds.oracle = self._told()
        self.rounds.judge()
        self.saw = {word for one in self.asker.seen.values() for word in one.words}

    def follow(self) -> None:
        """Whoever comes back is told live of what they missed."""
        self.oracle = self.rounds.oracle = self._told()
        head = max(fact.position for fact in self.oracle.facts)
        self.rounds.follow(max(0, head - FOLLOWED))

    def try_everything(self) -> None:
        """Everybody tries everything."""
        self.rounds.nothing_there()
        self.rounds.try_to_act()
        self.rounds.guess()
        self.rounds.rest()
        self.rounds.judge()
        named = {viewer.name: viewer for viewer in self.looking.viewers}
        self.rounds.send_again({**named, "operator": self.operator})
        self._machines()

    def _machines(self) -> None:
        """What is open to everybody, and what is written down, says nothing of anybody."""
        names = self.rounds.names()
        told = {path: self.asker.ask(NOBODY, "GET", path, self.looking.now).text for path in OPEN}
        told["the log"] = self.here.log.read_text("utf-8")
        for where, text in told.items():
            found = {*words_in(text), *names.findall(text)}
            found |= {str(id_) for id_ in self.oracle.streams if str(id_) in text}
            says = f"{where} says {found}"
            self.findings.check("machines are told nothing", not found, says)
            self.findings.check("machines are told nothing", bool(text), f"{where} is empty")

    # What was there to be seen

    def missed(self) -> list[Route]:
        """Routes for which nobody asked."""
        return [one for one in self.looking.routes.every if one not in self.looking.routes.called]

    def planted(self) -> set[str]:
        """Every word that is on record and was not withdrawn."""
        return {
            word
            for viewer in self.looking.viewers
            if viewer.id is not None
            for word in self.oracle.promised(viewer.id)
        }

    def whose(self, word: str) -> str:
        """What a word stands in."""
        return whose(self.oracle, word)

    def stood(self) -> set[str]:
        """Every column of the matrix in which somebody stood at the end."""
        found = {"author", "operator", "stranger", "nobody"}
        for viewer in self.looking.viewers:
            for stream, one in self.oracle.streams.items():
                if viewer.id is not None:
                    found |= self.oracle.columns(stream, viewer.id)
                state = one.live.state
                if isinstance(state, Alliance) and viewer.id in state.manages:
                    found.add("manager")
        return found
