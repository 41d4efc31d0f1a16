"""``enquiry play`` and ``enquiry demo``: stories played against a server or into one of our own."""

import asyncio
import sys
from collections.abc import Generator, Sequence
from contextlib import AsyncExitStack, contextmanager
from pathlib import Path

import click
import msgspec
import uvloop
from msgspec import Struct
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from enquiry.cli.options import engine_options_in
from enquiry.cli.start_engines import run_until_told
from enquiry.engines import EngineError
from enquiry_api.commands import Options, Ready, served, tell_ready, telling, write_ready
from enquiry_api.journeys.calling import Caller, Unreachable
from enquiry_api.journeys.names import instant_text
from enquiry_api.journeys.player import Differs, Player, Watch
from enquiry_api.journeys.scenes import Scene, scenes
from enquiry_api.journeys.story import Story, StoryError, read_story, together

FAILURES = (Differs, StoryError, Unreachable)
_FILE = click.Path(path_type=Path, dir_okay=False, exists=True)


@click.command("play")
@click.argument("files", nargs=-1, required=True, type=_FILE)
@click.option("--url", envvar="ENQUIRY_URL", show_envvar=True, default="http://127.0.0.1:8000")
@click.option(
    "--token",
    envvar="ENQUIRY_TOKEN",
    show_envvar=True,
    required=True,
    help="The operator's, which serve prints.",
)
@click.option(
    "--together", "at_once", is_flag=True, help="Play all at once, in the order of their times."
)
def play(files: tuple[Path, ...], url: str, token: str, at_once: bool) -> None:
    """Play stories against a server that runs with --clock client.

    Stops at the first thing that is not as the story says, shows what was expected and what came
    back, and exits with 1. Every play is new: new people, new alliances.
    """
    try:
        stories = [read_story(path) for path in files]
        player = Player(url, token)
        for group in [stories] if at_once else [[story] for story in stories]:
            count = played(player, group)
            click.echo(f"{' and '.join(story.journey for story in group)}: {count} scenes")
    except FAILURES as error:
        raise click.ClickException(str(error)) from error


def played(player: Player, stories: Sequence[Story]) -> int:
    """Play stories together with a bar for those who watch; returns how many scenes there were."""
    with _watched(stories) as watch:
        player.watch = watch
        return player.play(*stories)


@contextmanager
def _watched(stories: Sequence[Story]) -> Generator[Watch]:
    """A bar that moves with every scene and tells what happens."""
    columns = (
        BarColumn(bar_width=24),
        MofNCompleteColumn(),
        TextColumn("{task.fields[at]}", style="dim"),
        TextColumn("{task.description}"),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        every = together(stories)
        total = sum(1 for story in every for _ in scenes(story))
        task = bar.add_task("", total=total, at="")
        mine = {story.path for story in every}

        def watch(scene: Scene) -> None:
            at = scene.now.strftime("%d %b %Y %H:%M")
            moved = 1 if scene.story.path in mine else 0
            bar.update(task, description=scene.tell, at=at, advance=moved)

        yield watch


def journeys_here(prefix: Path = Path(sys.prefix)) -> tuple[Path, ...]:
    """The stories of the checkout in which this environment lies, if it lies in one."""
    return tuple(sorted((prefix.parent / "tests" / "journeys").glob("*.yaml")))


def default_demo_folder(prefix: Path = Path(sys.prefix)) -> Path:
    """Where the demo keeps its data when nobody says: never where other data lie."""
    checkout = prefix.parent
    return (checkout if (checkout / "run.py").is_file() else Path.cwd()) / ".enquiry" / "demo"


@click.command("demo")
@click.argument("files", nargs=-1, type=_FILE)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, help="Port; 0 takes a free one.")
@click.option(
    "--ready-file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write address, token and process ids there as JSON once the stories are played.",
)
@engine_options_in(default_demo_folder, "'.enquiry/demo' in the checkout")
def demo(
    files: tuple[Path, ...],
    host: str,
    port: int,
    ready_file: Path | None,
    data: Path,
    database_url: str | None,
    nats_url: str | None,
) -> None:
    """Serve the API with believable data in it: the stories of the checkout, or those named.

    They are played once; the next start finds them there. Time stands where the stories end.
    """
    options = Options(
        host=host,
        port=port,
        data=data,
        story_clock=True,
        database_url=database_url,
        nats_url=nats_url,
    )
    try:
        stories = [read_story(path) for path in files or journeys_here()]
        if not stories:
            raise click.UsageError("no stories here: name their files")
        run_until_told(_demo(options, stories, ready_file), uvloop.new_event_loop)
    except (EngineError, OSError, *FAILURES) as error:
        raise click.ClickException(str(error)) from error


class Played(Struct, frozen=True):
    """What the next start wants to know of a demo."""

    told: str
    """Who can be asked for what they see, with their tokens."""
    now: str
    """When the stories end."""


async def _demo(options: Options, stories: list[Story], ready_file: Path | None) -> None:
    async with AsyncExitStack() as stack:
        with telling() as tell:
            ready, over = await stack.enter_async_context(served(options, tell))
        # In a thread: the player waits for answers that this very loop gives.
        kept = options.data / "demo.json"
        before = await asyncio.to_thread(_filled, kept, ready, stories)
        if ready_file is not None:
            write_ready(ready, ready_file)
        click.echo(before.told)
        tell_ready(ready)
        await over


def _filled(kept: Path, ready: Ready, stories: list[Story]) -> Played:
    """Play the stories, unless they were played before; then time goes on where they ended."""
    if kept.exists():
        before = msgspec.json.decode(kept.read_bytes(), type=Played)
        _go_on(ready, before)
        return before
    now = _play_into(ready, stories)
    kept.touch(0o600)
    kept.write_bytes(msgspec.json.encode(now))
    return now


def _play_into(ready: Ready, stories: list[Story]) -> Played:
    """Play everything, and tell who can be asked for what they see."""
    player = Player(ready.url, ready.token)
    try:
        count = played(player, stories)
    finally:
        player.close()
    lines = [f"{count} scenes were played. These people can be looked over the shoulder:", ""]
    for name, (called, token) in sorted(player.people().items()):
        lines += [f"{called} ({name})", f"  {token}"]
    now = max(scene.now for story in stories for scene in scenes(story))
    return Played("\n".join(lines) + "\n", instant_text(now))


def _go_on(ready: Ready, before: Played) -> None:
    """Tell the clock where the stories ended."""
    caller = Caller(ready.url)
    caller.call("GET", "/v1", {"Enquiry-Now": before.now})
    caller.close()
