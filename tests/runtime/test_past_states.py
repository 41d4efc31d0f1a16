"""A past state is shown under today's permissions: what somebody has given up stays shut."""

import pytest
from msgspec import Struct
from tests.kernel.gathering import LEAD, WALKER, build
from tests.kernel.systems import over
from tests.kernel.test_run_system import enquires, gathers
from tests.runtime.scenes import Scene

from enquiry.kernel.methods import KERNEL
from enquiry.log.memory import MemoryLog
from enquiry.method.registry import load
from enquiry.method.rules import Reject
from enquiry.privacy.source import KeyFile


class Leading(Struct):
    leads: bool


def _extend(made):
    made.view(
        "leading",
        "Who leads",
        to=WALKER,
        build=lambda s, look: Leading(look.has(LEAD)),
        schema=Leading,
    )


@pytest.fixture
async def scene(tmp_path) -> Scene:
    registry = load(builtins=(*KERNEL, build(extend=_extend)), points=())
    found = Scene(over(MemoryLog(), registry, KeyFile.create(tmp_path / "keys")))
    await found.settle()
    return found


async def left(scene, name):
    """A run of an enquiry that says no reason; somebody leaves it. Run, and moment before."""
    enquiry = await enquires(scene)
    run = await gathers(scene, enquiry=str(enquiry))
    before = await scene.system.log.head()
    await scene.do(name, "leave-run", {}, run, method="gathering")
    return run, before


async def test_whoever_takes_part_still_finds_what_was_there(scene):
    run, before = await left(scene, "Kelly")
    seen = await scene.system.read(scene.who("Petra"), run, scene.now, before)
    assert [warning.code for warning in seen.warnings] == ["METHOD_WITHOUT_REASON"]
    assert [view.name for view in seen.views] == ["leading"]
    assert seen.roles == ("lead", "walker")


@pytest.mark.parametrize("name", ["Petra", "Kelly"])
async def test_whoever_has_left_the_run_finds_in_its_past_what_they_find_today(scene, name):
    run, before = await left(scene, name)
    for at in (None, before):
        seen = await scene.system.read(scene.who(name), run, scene.now, at)
        assert (seen.warnings, seen.views, seen.tracks) == ((), (), {})
        with pytest.raises(Reject) as refused:
            await scene.system.view(scene.who(name), run, "leading", scene.now, at)
        assert refused.value.code == "NOT_FOUND"


async def test_a_role_that_was_given_up_opens_nothing_in_the_past(scene):
    run, before = await left(scene, "Petra")
    asked = {"person": str(scene.people["Petra"]), "role": "walker"}
    await scene.do("Kelly", "invite-to-run", asked, run, method="gathering")
    await scene.do("Petra", "accept-run-invitation", {}, run, method="gathering")
    petra, kelly = scene.who("Petra"), scene.who("Kelly")
    then = await scene.system.view(petra, run, "leading", scene.now, before)
    assert then == {"leads": False}
    assert await scene.system.view(kelly, run, "leading", scene.now, before) == {"leads": False}
    assert await scene.system.view(kelly, run, "leading", scene.now) == {"leads": True}


async def test_whoever_has_left_the_alliance_finds_no_past_either(scene):
    run, before = await left(scene, "Kelly")
    gone = {
        "person": str(scene.people["Petra"]),
        "school": str(scene.schools["Beck Road"]),
        "until": "2026-11-03",
    }
    await scene.ally("Nasreen", "end-membership", gone)
    for stream in (run, scene.alliance):
        with pytest.raises(Reject) as refused:
            await scene.system.read(scene.who("Petra"), stream, scene.now, before)
        assert refused.value.code == "NOT_FOUND"
