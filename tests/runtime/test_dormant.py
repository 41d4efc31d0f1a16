"""A run whose method is not installed is there for those who take part in it, and nobody else."""

import pytest
from tests.kernel.systems import methods
from tests.kernel.test_run_system import gathers
from tests.runtime.notebook import NOTEBOOK
from tests.runtime.scenes import NOON, Scene

from enquiry.kernel.methods import KERNEL
from enquiry.log.memory import MemoryLog
from enquiry.method.registry import load
from enquiry.method.rules import Reject
from enquiry.privacy.source import KeyFile
from enquiry.runtime.lists.listing import Scan
from enquiry.runtime.streams import Streams
from enquiry.runtime.system import System


@pytest.fixture
def source(tmp_path):
    return KeyFile.create(tmp_path / "keys")


@pytest.fixture
def log():
    return MemoryLog()


def over(log, registry, source):
    return System(log, registry, source, Scan(log, Streams(log, registry)), lambda: NOON)


@pytest.fixture
async def scene(log, source):
    """Petra leads a gathering with Kelly; Amina is a colleague, Judith of another school."""
    found = Scene(over(log, methods(), source))
    await found.settle()
    return found


@pytest.fixture
async def run(scene, log, source):
    """The gathering, once its method is gone."""
    stream = await gathers(scene)
    invited = {"person": str(scene.people["Amina"]), "role": "walker"}
    await scene.do("Petra", "invite-to-run", invited, stream, method="gathering")
    registry = load(builtins=(*KERNEL, NOTEBOOK), points=())
    scene.system = over(log, registry, source)
    return stream


async def refused(asked):
    with pytest.raises(Reject) as found:
        await asked
    return found.value.code


@pytest.mark.parametrize("name", ["Petra", "Kelly"])
async def test_whoever_takes_part_finds_it_dormant(scene, run, name):
    seen = await scene.system.read(scene.who(name), run, scene.now)
    assert (seen.dormant, seen.title, seen.views, seen.actions) == (True, None, (), ())


@pytest.mark.parametrize("name", ["Amina", "Judith", "Nasreen"])
async def test_nobody_else_of_the_alliance_finds_it(scene, run, name):
    asker = scene.who(name)
    assert await refused(scene.system.read(asker, run, scene.now)) == "NOT_FOUND"
    assert await refused(scene.system.read(asker, run, scene.now, at=10**9)) == "NOT_FOUND"
    assert await refused(scene.system.history(asker, run, None, 9)) == "NOT_FOUND"
    assert await refused(scene.system.view(asker, run, "evidence", scene.now)) == "NOT_FOUND"


@pytest.mark.parametrize(
    ("name", "code"), [("Kelly", "METHOD_NOT_REGISTERED"), ("Amina", "NOT_FOUND")]
)
async def test_only_whoever_takes_part_is_told_why_nothing_can_be_done(scene, run, name, code):
    asked = scene.do(name, "note", {}, run, method="gathering")
    assert await refused(asked) == code


async def test_whoever_has_left_does_not_find_it(scene, log, source):
    stream = await gathers(scene)
    await scene.do("Kelly", "leave-run", {}, stream, method="gathering")
    scene.system = over(log, load(builtins=(*KERNEL, NOTEBOOK), points=()), source)
    assert await refused(scene.system.read(scene.who("Kelly"), stream, scene.now)) == "NOT_FOUND"
    assert (await scene.system.read(scene.who("Petra"), stream, scene.now)).dormant


async def test_it_wakes_as_it_was_when_its_method_comes_back(scene, run, log, source):
    scene.system = over(log, methods(), source)
    seen = await scene.system.read(scene.who("Amina"), run, scene.now)
    assert not seen.dormant
    assert "invited" in seen.roles
