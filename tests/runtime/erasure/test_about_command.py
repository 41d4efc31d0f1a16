"""``enquiry about`` writes down what there is about somebody, for them alone."""

import json
from pathlib import Path
from uuid import UUID

from anyio.from_thread import BlockingPortal
from click.testing import CliRunner
from tests.runtime.scenes import NOON, Scene

from enquiry.cli.about import about_command
from enquiry.kernel.methods import KERNEL
from enquiry.log.postgres import PostgresLog
from enquiry.method.registry import load
from enquiry.runtime.lists.listing import Scan
from enquiry.runtime.start import key_file
from enquiry.runtime.streams import Streams
from enquiry.runtime.system import System


async def settled(data: Path, url: str) -> tuple[UUID, UUID]:
    """An alliance with people; the ids of it and of Kelly."""
    async with await PostgresLog.open(url) as log:
        methods = load(builtins=KERNEL, points=())
        source = await key_file(data, log)
        system = System(log, methods, source, Scan(log, Streams(log, methods)), lambda: NOON)
        scene = Scene(system)
        await scene.settle()
        return scene.alliance, scene.people["Kelly"]


def test_it_is_written_once_readable_and_for_its_owner_alone(
    portal: BlockingPortal, tmp_path: Path, database: str, nats_url: str
) -> None:
    alliance, person = portal.call(settled, tmp_path, database)
    to = tmp_path / "kelly.json"
    said = ["--alliance", str(alliance), "--person", str(person), "--to", str(to)]
    said += ["--data", str(tmp_path), "--database-url", database, "--nats-url", nats_url]
    done = CliRunner().invoke(about_command, said)
    assert done.exit_code == 0, done.output
    assert to.stat().st_mode & 0o077 == 0
    told = json.loads(to.read_text("utf-8"))
    kinds = [one["kind"] for one in told]
    assert {"alliance/person-added", "alliance/membership-granted"} <= set(kinds)
    assert "Kelly Rowe" in to.read_text("utf-8")
    assert "Petra" not in to.read_text("utf-8")
    again = CliRunner().invoke(about_command, said)
    assert again.exit_code == 1
