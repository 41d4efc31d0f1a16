"""Every story in this folder comes true, over HTTP, against the real server on real engines.

A new story is a new file; nothing here has to change.
"""

import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from anyio.from_thread import BlockingPortal

from enquiry.runtime.start import running
from enquiry_api.app import create_app
from enquiry_api.clock import StoryClock
from enquiry_api.identity import LocalTokens, signing_key
from enquiry_api.journeys.player import Player
from enquiry_api.journeys.story import Story, read_story, story_of, together
from enquiry_api.logs import json_logger
from enquiry_api.server import address, listen, serving

HERE = Path(__file__).parent
STORIES = sorted(HERE.glob("*.yaml"))


@asynccontextmanager
async def served(folder: Path, database: str) -> AsyncIterator[tuple[str, str]]:
    clock = StoryClock()
    identity = LocalTokens(signing_key(folder / "tokens.pem"))
    with (folder / "log").open("wb") as written:
        async with running(folder, database, clock=clock.now, timers=False, strict=True) as system:
            methods = [compiled.method for compiled in system.registry.methods.values()]
            log = json_logger(written)
            app = create_app(system, methods, identity, clock=clock, log=log)
            bound = listen("127.0.0.1", 0)
            async with serving(app, bound):
                token, _ = identity.mint(identity.operator, 3600, operator=True)
                yield address(bound), token


@pytest.fixture
def player(portal: BlockingPortal, tmp_path: Path, database: str) -> Iterator[Player]:
    with portal.wrap_async_context_manager(served(tmp_path, database)) as told:
        player = Player(*told)
        yield player
        player.close()


def read(path: Path) -> Story:
    """A story, under its name in the checkout."""
    return read_story(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path)


@pytest.mark.parametrize("path", STORIES, ids=[path.stem for path in STORIES])
def test_the_story_comes_true(path: Path, player: Player) -> None:
    assert player.play(read(path)) > 10


def test_the_story_of_the_alliance_is_played_beside_all_others() -> None:
    whole = together([read(HERE / "alliance.yaml")])
    assert {Path(story.path).resolve() for story in whole} == {path.resolve() for path in STORIES}


def test_the_story_in_the_manual_comes_true(player: Player) -> None:
    manual = HERE.parents[1] / "docs" / "journeys.md"
    told = re.search(r"```yaml\n(.*?)```", manual.read_text("utf-8"), re.DOTALL)
    assert told is not None
    assert player.play(story_of(told[1], str(HERE.parents[1] / "manual.yaml"))) > 10
