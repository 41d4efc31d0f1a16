"""Plays stories against a server, step by step, and stops at the first difference."""

import heapq
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

import msgspec
from msgspec.structs import replace

from enquiry_api.journeys.calling import Answered, Caller, Unreachable
from enquiry_api.journeys.judging import Difference, differences
from enquiry_api.journeys.names import OPERATOR, Names, Stream, instant_text, local
from enquiry_api.journeys.pointing import found
from enquiry_api.journeys.scenes import Scene, scenes
from enquiry_api.journeys.story import (
    Expect,
    Story,
    StoryError,
    expectation,
    files_beside,
    read_story,
    together,
    zone_of,
)

_WORDS = {"run": "runs", "enquiry": "enquiries", "alliance": "alliances"}
TOKEN_SECONDS = 30 * 24 * 60 * 60


class Differs(Exception):
    """What came back is not what the story says."""

    def __init__(self, scene: Scene, found: Sequence[Difference], answer: Answered) -> None:
        """``found``: every difference of this scene."""
        super().__init__(f"{scene.where}: {scene.tell}")
        self.scene = scene
        self.differences = tuple(found)
        self.answer = answer

    def __str__(self) -> str:
        """Where, and expected and actual of each difference."""
        row = f" (row {self.scene.step.row})" if self.scene.step.row is not None else ""
        lines = [f"{self.scene.where}{row}: {self.scene.tell}"]
        for one in self.differences:
            lines.append(f"  {one.what}")
            lines.append(f"    expected: {_short(one.expected)}")
            lines.append(f"    actual:   {_short(one.actual)}")
        return "\n".join(lines)


def _short(value: Any) -> str:
    text = value if isinstance(value, str) else msgspec.json.encode(value).decode()
    return text if len(text) <= 2000 else text[:2000] + " ..."


Watch = Callable[[Scene], None]


def unwatched(scene: Scene) -> None:
    """Tell nobody."""
    del scene


class Player:
    """Plays stories against one server. Every play is new: new people, new alliances."""

    def __init__(self, url: str, token: str, watch: Watch = unwatched) -> None:
        """Play against the server at ``url`` as its operator, with ``token``.

        ``watch`` is told of every scene before it is played.
        """
        self._caller = Caller(url)
        self._operator = token
        self.watch = watch
        self._tokens: dict[str, str] = {}
        self._methods: dict[str, Any] = {}
        self._parts: dict[Path, Names] = {}
        self._stories: list[Names] = []

    def play(self, *stories: Story) -> int:
        """Play stories together, in the order of their times; returns how many scenes were played.

        What they all come after is played once, before; what they stand beside, with them.

        Raises:
            Differs: at the first scene that differs.
            StoryError: a story names what is not there.
            Unreachable: the server is not there.
        """
        count = 0
        casts: list[tuple[Story, Names]] = []
        for story in together(stories):
            before, played = self._before(story)
            count += played
            names = Names(before)
            casts.append((story, names))
            self._stories.append(names)
            _introduce(story, names)
        _acquaint(casts)
        told = [[(scene, names) for scene in scenes(story)] for story, names in casts]
        for scene, names in heapq.merge(*told, key=lambda one: one[0].now):
            self._scene(scene, names)
            count += 1
        return count

    def people(self) -> dict[str, tuple[str, str]]:
        """Everybody who acted: what they are called, and a token for them, by their name."""
        found: dict[str, tuple[str, str]] = {}
        for names in (*self._parts.values(), *self._stories):
            for name, person in names.people().items():
                token = self._tokens.get(str(person.id))
                if token is not None:
                    found[name] = (person.called, token)
        return found

    def close(self) -> None:
        """Let the connection go."""
        self._caller.close()

    def _before(self, story: Story) -> tuple[tuple[Names, ...], int]:
        """Play what a story comes after, unless that was done; its names."""
        found: list[Names] = []
        count = 0
        for name in story.after:
            path = (Path(story.path).parent / name).resolve()
            if path not in self._parts:
                part = replace(read_story(path), path=str(Path(story.path).parent / name))
                before, played = self._before(part)
                self._parts[path] = names = Names(before)
                _introduce(part, names)
                count += played
                for scene in scenes(part):
                    self._scene(scene, names)
                    count += 1
            found.append(self._parts[path])
        return tuple(found), count

    def _scene(self, scene: Scene, names: Names) -> None:
        self.watch(scene)
        try:
            expect = _said(expectation(scene.step), scene, names)
            answer = self._answer(scene, names)
        except StoryError as error:
            raise StoryError(f"{scene.where}: {error}") from None
        differing = differences(expect, answer)
        if differing:
            raise Differs(scene, differing, answer)
        self._remember(scene, names, answer)

    def _remember(self, scene: Scene, names: Names, answer: Answered) -> None:
        step = scene.step
        done = answer.told
        if step.named is not None and "act" in done:
            opened = step.on is None
            names.give(step.named, Stream(done["stream"], done["href"]) if opened else done["act"])
        for name, pointer in step.save.items():
            here = found(answer.body, pointer)
            if len(here) != 1:
                raise StoryError(f"{scene.where}: {pointer} leads to {len(here)} things")
            names.give(name, here[0])

    def _answer(self, scene: Scene, names: Names) -> Answered:
        step = scene.step
        if step.tick:
            return self._call(scene, names, "POST", "/v1/clock/ticks", {}, {})
        if step.inbox:
            return self._call(scene, names, "GET", "/v1/inbox", {})
        if step.read is not None:
            return self._call(scene, names, "GET", self._reading(scene, names), {})
        return self._act(scene, names)

    def _reading(self, scene: Scene, names: Names) -> str:
        step = scene.step
        path = names.stream(step.read or "").href
        if step.view is not None:
            path += f"/views/{quote(step.view)}"
        elif step.history:
            path += "/history?limit=200"
        if step.at is None:
            return path
        at = step.at
        if isinstance(at, str):
            said = at if at.startswith("$") else f"@{at.removeprefix('@')}"
            at = names.said(said, scene.now, zone_of(scene.story, step))
        return f"{path}{'&' if step.history else '?'}at={quote(str(at))}"

    def _act(self, scene: Scene, names: Names) -> Answered:
        step = scene.step
        id_, _, kind = (step.do or "").partition("/")
        method = self._method(id_)
        move = next((m for m in method["moves"] if m["kind"] == kind), None)
        if move is None:
            raise StoryError(f"{id_} has no action {kind}")
        if move["opens"]:
            path = f"/v1/{_WORDS[method['stream']]}/actions/{step.do}"
            path += f"?alliance={names.stream(step.within).id}" if step.within else ""
        else:
            path = f"{names.stream(step.on or '').href}/actions/{step.do}"
        headers = self._acting(scene, names)
        if move["decision"]:
            headers |= self._basis(scene, names)
        body = names.said(step.filled, scene.now, zone_of(scene.story, step))
        return self._call(scene, names, "POST", path, headers, body)

    def _acting(self, scene: Scene, names: Names) -> dict[str, str]:
        step, zone = scene.step, zone_of(scene.story, scene.step)
        key = f"{step.key}:{scene.who}" if step.key else scene.number
        headers = {"Idempotency-Key": f"{names.play}:{key}"}
        if step.acting_for is not None:
            headers["Enquiry-Acting-For"] = names.said(f"${step.acting_for}", scene.now, zone)
        if step.occurred_at is not None:
            occurred = local(step.occurred_at, scene.now, zone)
            headers["Enquiry-Occurred-At"] = instant_text(occurred)
        if step.lang is not None:
            headers["Content-Language"] = step.lang
        return headers

    def _basis(self, scene: Scene, names: Names) -> dict[str, str]:
        """On which revision a decision rests: the one that the step says, or the current one."""
        step = scene.step
        if step.based_on is not None:
            said = names.said(step.based_on, scene.now, zone_of(scene.story, step))
            return {"If-Match": f'"{said}"'}
        if step.on is None:
            return {"If-Match": '"0"'}
        seen = self._call(scene, names, "GET", names.stream(step.on).href, {})
        # Whoever may not see it learns so from the refusal of the decision itself.
        return {"If-Match": seen.headers["etag"]} if "etag" in seen.headers else {}

    def _call(
        self,
        scene: Scene,
        names: Names,
        verb: str,
        path: str,
        headers: dict[str, str],
        body: Any = None,
    ) -> Answered:
        token = self._operator if scene.who == OPERATOR else self._token(scene.who, names)
        said = {"Authorization": f"Bearer {token}", "Enquiry-Now": instant_text(scene.now)}
        answer = self._caller.call(verb, path, said | headers, body)
        if answer.told.get("code") == "CLOCK_NOT_SETTABLE":
            raise Unreachable("the server keeps its own time: start it with --clock client")
        return answer

    def _token(self, who: str, names: Names) -> str:
        person = names.person(who)
        known = self._tokens.get(str(person.id))
        if known is None:
            wanted = {"person": str(person.id), "seconds": TOKEN_SECONDS}
            known = self._ours("POST", "/v1/tokens", wanted)["token"]
            self._tokens[str(person.id)] = known
        return known

    def _method(self, id_: str) -> Any:
        """The newest installed version of a method, as it tells about itself."""
        if id_ not in self._methods:
            listed = self._ours("GET", "/v1/methods")["items"]
            versions = [line["version"] for line in listed if line["id"] == id_]
            if not versions:
                raise StoryError(f"the server has no method {id_}")
            path = f"/v1/methods/{id_}/versions/{max(versions)}"
            self._methods[id_] = self._ours("GET", path)
        return self._methods[id_]

    def _ours(self, verb: str, path: str, body: Any = None) -> Any:
        """Ask for something that is needed to play, and no part of the story."""
        answer = self._caller.call(verb, path, {"Authorization": f"Bearer {self._operator}"}, body)
        if answer.status not in (200, 201):
            said = answer.told.get("detail", "")
            raise Unreachable(f"{verb} {path}: {answer.status} {said}")
        return answer.body


def _acquaint(casts: Sequence[tuple[Story, Names]]) -> None:
    """Let every story know the names of those that it stands beside."""
    at = {Path(story.path).resolve(): names for story, names in casts}
    for story, names in casts:
        names.stand_beside(at[path.resolve()] for path in files_beside(story))


def _introduce(story: Story, names: Names) -> None:
    for name, called in story.people.items():
        names.introduce(name, called)


def _said(expect: Expect, scene: Scene, names: Names) -> Expect:
    """An expectation with everything that its names stand for."""
    zone = zone_of(scene.story, scene.step)

    def said(value: Any) -> Any:
        return names.said(value, scene.now, zone)

    hidden: list[str] = []
    for words in expect.never_says:
        person = names.find(words[1:]) if words.startswith("$") else None
        called = getattr(person, "called", None)
        hidden += [str(said(words)), *([called] if called else [])]
    return replace(
        expect,
        shows={pointer: said(value) for pointer, value in expect.shows.items()},
        details=None if expect.details is None else tuple(said(list(expect.details))),
        params=said(expect.params),
        says=tuple(str(said(words)) for words in expect.says),
        never_says=tuple(hidden),
    )
