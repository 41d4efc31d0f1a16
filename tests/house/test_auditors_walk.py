"""The way from nothing to a verified bundle, as the page for auditors has it: every line is run."""

import asyncio
import os
import re
import shutil
import sys
from pathlib import Path

import pytest
from tests.audit.test_commands import founded
from tests.house.tree import ROOT

PAGE = (ROOT / "docs/auditors.md").read_text()
PROGRAMS = ROOT / "core/src/enquiry/audit/independent"


def lines() -> list[str]:
    """The commands of the section, in order."""
    [part] = re.findall(
        r"^## From nothing to a verified bundle\n(.*?)(?=^## )", PAGE, re.MULTILINE | re.DOTALL
    )
    blocks = re.findall(r"^```sh\n(.*?)^```", part, re.MULTILINE | re.DOTALL)
    return [line for block in blocks for line in block.splitlines()]


async def shell(line: str, folder: Path, **more: str) -> tuple[int, str]:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    started = await asyncio.create_subprocess_shell(
        line,
        cwd=folder,
        env={**os.environ, "PATH": path, **more},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await asyncio.wait_for(started.communicate(), 120)
    return started.returncode or 0, said.decode()


async def test_an_auditor_comes_from_nothing_to_a_verified_bundle(database, tmp_path):
    data = tmp_path / "data"
    data.mkdir()
    for name in ("verify.mjs", "proofs.mjs"):
        shutil.copy(PROGRAMS / name, tmp_path)
    told = lines()
    assert [line.split()[0] for line in told] == ["enquiry"] * 4 + ["node", "tar", "enquiry"]
    async with founded(data, database) as (scene, _):
        where = {"ENQUIRY_DATABASE_URL": database, "ENQUIRY_NATS_URL": "nats://x"}
        for line in told[:2]:
            code, said = await shell(line, tmp_path, ALLIANCE=str(scene.alliance), **where)
            assert code == 0, said
    skipped = False
    for line in told[2:]:
        if line.startswith("node") and shutil.which("node") is None:
            skipped = True
            continue
        code, said = await shell(line, tmp_path)
        assert code == 0, said
        assert said.startswith("VALID\n") or line.startswith("tar")
    assert "extends: what you knew of" in said
    if skipped:
        pytest.skip("node is not here: the second verifier was NOT run")
