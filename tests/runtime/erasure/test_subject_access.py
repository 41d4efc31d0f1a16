"""Somebody is given everything about themselves, and nothing about others."""

import time
from typing import Any

import pytest
from tests.runtime.erasure.asking import OTHER, WORD, erasures, granted, written
from tests.runtime.scenes import Scene

from enquiry.privacy.keys import Keyring
from enquiry.privacy.ledger import MemoryLedger
from enquiry.runtime.subject_access import About, SubjectAccess
from enquiry.runtime.texts import Opener


@pytest.fixture
def access(scene: Scene, key_source: Any) -> SubjectAccess:
    log = scene.system.log
    opener = Opener(log, Keyring(log, key_source, time.monotonic))
    return SubjectAccess(log, scene.system.registry, opener)


async def about(access: SubjectAccess, scene: Scene, name: str) -> list[About]:
    return await access.about(scene.alliance, scene.people[name])


async def test_what_they_wrote_is_readable_and_what_others_wrote_is_not(
    scene: Scene, access: SubjectAccess
) -> None:
    await written(scene)
    told = str(await about(access, scene, "Kelly"))
    assert WORD in told
    assert "Kelly Rowe" in told
    assert OTHER not in told
    assert "Petra" not in told


async def test_that_somebody_wrote_about_them_is_told_without_the_words_or_the_author(
    scene: Scene, access: SubjectAccess
) -> None:
    await written(scene)
    notes = [
        one for one in await about(access, scene, "Kelly") if one.kind.endswith("note-written")
    ]
    assert [(one.by_them, "placeholder" in str(one.data["text"])) for one in notes] == [
        (False, True),
        (True, False),
    ]


async def test_nobody_else_stands_there_by_their_id(scene: Scene, access: SubjectAccess) -> None:
    await written(scene)
    told = str([one.data for one in await about(access, scene, "Nasreen")])
    assert str(scene.people["Petra"]) not in told
    assert "person-1" in told


async def test_whoever_belongs_nowhere_any_more_is_told_all_the_same(
    scene: Scene, access: SubjectAccess
) -> None:
    await written(scene)
    ends = {
        "person": str(scene.people["Kelly"]),
        "school": str(scene.schools["Beck Road"]),
        "until": "2026-10-01",
    }
    await scene.ally("Nasreen", "end-membership", ends)
    assert WORD in str(await about(access, scene, "Kelly"))


async def test_after_an_erasure_no_word_of_theirs_is_left_to_tell(
    scene: Scene, access: SubjectAccess
) -> None:
    await written(scene)
    await granted(scene)
    await erasures(scene, MemoryLedger()).round(scene.now)
    told = await about(access, scene, "Kelly")
    assert told
    assert WORD not in str(told)
    assert "Kelly" not in str(told)
