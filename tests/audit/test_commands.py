"""The words an auditor types: export, verify, and what they exit with."""

import asyncio
import json
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import uuid4

import pytest
from click.testing import CliRunner, Result
from tests.audit.signing import record, until
from tests.audit.tars import files, packed, relisted
from tests.log.examples import HILLSIDE
from tests.runtime.scenes import Scene

from enquiry.audit.proofs import Proofs
from enquiry.audit.signing import policy
from enquiry.cli import main
from enquiry.log.leaf import entry
from enquiry.runtime.start import running


@asynccontextmanager
async def founded(data: Path, database: str):
    """An alliance with two schools, signed."""
    async with running(data, database) as system:
        scene = Scene(system)
        await scene.settle()
        events = await system.log.read_alliance(scene.alliance, 0, 1000)

        async def signed() -> bool:
            found = await system.trees.newest(scene.alliance)
            return found is not None and found[0] == len(events)

        await until(signed)
        yield scene, Proofs(system.trees, scene.alliance)


async def run(*words: object) -> Result:
    return await asyncio.to_thread(CliRunner().invoke, main, [str(word) for word in words])


async def test_an_alliance_is_exported_verified_and_folded_again(database, tmp_path):
    data, file, trusted = tmp_path / "data", tmp_path / "b.tar", tmp_path / "policy"
    data.mkdir()
    async with founded(data, database) as (scene, _):
        known = tmp_path / "known"
        known.write_text((await scene.system.trees.newest(scene.alliance))[1])
        words = ("--alliance", scene.alliance, "--to", file, "--data", data)
        made = await run("export", *words, "--database-url", database, "--nats-url", "nats://x")
    assert made.exit_code == 0, made.output
    assert made.output.endswith("; signed\n")
    trusted.write_text("\n".join(policy(data / "signer")))
    done = await run("verify", "bundle", file, "--policy", trusted, "--known", known)
    assert done.exit_code == 0, done.output
    assert done.output.startswith("VALID\n")
    again = await run("verify", "replay", file, "--policy", trusted, "--json")
    assert again.exit_code == 0, again.output
    told = json.loads(again.output)
    assert "replay: 1 streams fold to the state that was told" in told["checked"]
    assert (await run("verify", "bundle", file)).exit_code == 2
    assert b"Petra" not in file.read_bytes()


async def test_an_auditor_reads_what_happened_under_names_of_their_own(database, tmp_path):
    data, file = tmp_path / "data", tmp_path / "b.tar"
    data.mkdir()
    words = ("--to", file, "--data", data, "--database-url", database, "--nats-url", "nats://x")
    pseudonymised = ("--profile", "pseudonymised", "--auditor", uuid4())
    async with founded(data, database) as (scene, _):
        mine = ("export", "--alliance", scene.alliance, *words)
        made = await run(*mine, *pseudonymised)
        assert made.exit_code == 0, made.output
        veiled = file.read_bytes()
        assert (await run(*mine, *pseudonymised)).exit_code == 0
        assert file.read_bytes() == veiled
        assert (await run(*mine, "--profile", "full")).exit_code == 0
        assert (await run(*mine, "--profile", "pseudonymised")).exit_code == 2
        recorded = await scene.system.trees.platform_entries(0, 1000)
    assert sum(entry.startswith(b"EQP1 export\n") for _, entry in recorded) == 3
    assert not [p for p in scene.people.values() if str(p).encode() in veiled]
    assert b"Petra" not in veiled
    assert b"alliance/person-added" in veiled
    assert "Petra Novák".encode() in file.read_bytes()
    assert (await run("verify", "bundle", file)).exit_code == 2
    assert file.stat().st_mode & 0o077 == 0


async def test_a_proof_of_one_event_is_verified_alone(database, tmp_path):
    data = tmp_path / "data"
    data.mkdir()
    async with founded(data, database) as (scene, proofs):
        event = (await scene.system.log.read_alliance(scene.alliance, 3, 1))[0]
        (tmp_path / "proof").write_text(await proofs.inclusion(3))
        (tmp_path / "entry").write_bytes(entry(event))
    (tmp_path / "policy").write_text("\n".join(policy(data / "signer")))
    words = ("verify", "proof", tmp_path / "proof", "--entry", tmp_path / "entry")
    assert (await run(*words, "--policy", tmp_path / "policy")).exit_code == 0
    assert (await run(*words)).exit_code == 2
    (tmp_path / "entry").write_bytes(entry(event)[:-1] + b"x")
    assert (await run(*words)).exit_code == 1


async def test_one_checkpoint_continues_another(database, tmp_path):
    data = tmp_path / "data"
    data.mkdir()
    async with founded(data, database) as (scene, proofs):
        (tmp_path / "old").write_text(await proofs.checkpoint())
        size = len(await scene.system.log.read_alliance(scene.alliance, 0, 1000))
        await scene.ally("Nasreen", "add-school", {"name": "Third", "zone": "Europe/London"})

        async def signed() -> bool:
            return (await scene.system.trees.newest(scene.alliance))[0] > size

        await until(signed)
        (tmp_path / "new").write_text(await proofs.checkpoint())
        newest = (await scene.system.trees.newest(scene.alliance))[0]
        (tmp_path / "proof").write_text(await proofs.consistency(size, newest))
    (tmp_path / "policy").write_text("\n".join(policy(data / "signer")))
    words = ("verify", "extends", tmp_path / "old", tmp_path / "new")
    trusted = ("--policy", tmp_path / "policy")
    assert (await run(*words, "--proof", tmp_path / "proof", *trusted)).exit_code == 0
    assert (await run(*words, *trusted)).exit_code == 2
    back = ("verify", "extends", tmp_path / "new", tmp_path / "old")
    assert (await run(*back, *trusted)).exit_code == 1
    (tmp_path / "proof").write_text("A" * 43 + "=\n")
    wrong = await run(*words, "--proof", tmp_path / "proof", *trusted)
    assert wrong.exit_code == 1
    assert "fork" in wrong.output


async def test_state_that_does_not_follow_from_the_events_is_noticed(database, tmp_path):
    data, file = tmp_path / "data", tmp_path / "b.tar"
    data.mkdir()
    async with founded(data, database) as (scene, _):
        words = ("--alliance", scene.alliance, "--to", file, "--data", data)
        await run("export", *words, "--database-url", database, "--nats-url", "nats://x")
    parts = files(file.read_bytes())
    told = json.loads(parts["bag/data/replay"])
    told["state"] = "0" * 64
    parts["bag/data/replay"] = json.dumps(told).encode()
    file.write_bytes(packed(relisted(parts)))
    done = await run("verify", "replay", file)
    assert done.exit_code == 1
    assert "folds to another state" in done.output


@pytest.mark.parametrize(
    "words",
    [("bundle",), ("bundle", "nowhere"), ("proof", "nowhere"), ("extends", "x"), ("dance",)],
)
async def test_asked_wrongly_it_exits_with_three(words):
    assert (await run("verify", *words)).exit_code == 3


async def test_what_is_no_bundle_is_invalid(tmp_path):
    (tmp_path / "b.tar").write_bytes(b"no")
    done = await run("verify", "bundle", tmp_path / "b.tar", "--json")
    assert (done.exit_code, json.loads(done.output)["verdict"]) == (1, "invalid")


async def test_a_policy_that_is_none_is_asked_wrongly(tmp_path):
    (tmp_path / "policy").write_text("nothing")
    (tmp_path / "b.tar").write_bytes(b"")
    done = await run("verify", "proof", tmp_path / "b.tar", "--entry", tmp_path / "b.tar",
                     "--policy", tmp_path / "policy")  # fmt: skip
    assert done.exit_code == 3


async def test_what_is_not_signed_is_not_exported(database, tmp_path):
    async with running(tmp_path, database):
        words = ("--alliance", uuid4(), "--to", tmp_path / "b.tar", "--data", tmp_path)
        done = await run("export", *words, "--database-url", database, "--nats-url", "nats://x")
    assert done.exit_code == 1
    assert "nothing of" in done.output
    assert not (tmp_path / "b.tar").exists()


async def test_whoever_runs_the_database_is_told_what_is_wrong(
    log, desk, admin, postgres_url, schema
):
    await record(log, 20)
    await desk.signer.round()
    words = ("signer", "examine", "--alliance", HILLSIDE, "--schema", schema)
    done = await run(*words, "--database-url", postgres_url)
    assert (done.exit_code, done.output) == (0, "nothing is wrong\n")
    await admin.execute("UPDATE stored_events SET state = state || ' ' WHERE sequence = 17")
    done = await run(*words, "--database-url", postgres_url)
    assert done.exit_code == 1
    assert done.output.startswith("event 17: has another digest than its bytes\n")


async def test_the_key_is_changed_by_a_word(log, desk):
    await record(log, 4)
    await desk.signer.round()
    assert "another process" in (await run("signer", "rotate", "--folder", desk.folder)).output
    desk.leave()
    assert (await run("signer", "rotate", "--folder", desk.folder)).exit_code == 0
    told = await run("signer", "keys", "--folder", desk.folder)
    assert [line.split()[1:] for line in told.output.splitlines() if str(HILLSIDE) in line] == [
        ["1", "4"],
        ["5", "-"],
    ]
    desk.sit_down()
