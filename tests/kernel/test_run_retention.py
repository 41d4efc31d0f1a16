"""Evidence that a run has published outlasts what it was drawn from; what was not, does not."""

import pytest
from msgspec.structs import replace
from tests.kernel.gathering import GATHERING, REVIEW
from tests.kernel.systems import over
from tests.kernel.test_run_system import decides, gathers, publishes
from tests.runtime.scenes import Scene

from enquiry.kernel.methods import KERNEL
from enquiry.kernel.run import evidence_kept
from enquiry.log.memory import MemoryLog
from enquiry.method.registry import load
from enquiry.method.retention import Keep
from enquiry.privacy.source import KeyFile
from enquiry.runtime.retention import Retention

ROWS = (Keep(kind="contribution", what="What was noted", days=30), evidence_kept(years=1))
PUBLISHED = "Nine of twelve books show a change"


@pytest.fixture
async def scene(tmp_path) -> Scene:
    """As everywhere, with a gathering whose notes are kept for thirty days."""
    registry = load(builtins=(*KERNEL, replace(GATHERING, retention=ROWS)), points=())
    found = Scene(over(MemoryLog(), registry, KeyFile.create(tmp_path / "keys")))
    await found.settle()
    return found


async def proposes(scene, run):
    """Kelly proposes evidence, and nobody confirms it."""
    about = {"about": str(scene.people["Kelly"]), "text": "Nine of twelve books"}
    noted = await scene.do("Kelly", "note", about, run, method="gathering")
    await scene.do("Kelly", "review-identifiability", REVIEW, run, method="gathering")
    piece = {
        "output": str(noted.events[0].id),
        "text": PUBLISHED,
        "collection_method": "work_sample",
        "respondents": "pupils",
        "level": "student",
    }
    await scene.do("Kelly", "publish-run-evidence", {"items": [piece]}, run, method="gathering")


async def closed(scene, finishes):
    run = await gathers(scene)
    await decides(scene, "Petra", "start-run", {}, run)
    await finishes(scene, run)
    await decides(scene, "Petra", "close-run", {}, run)
    return run


async def texts(scene, run):
    """The note and the words of the evidence, as Petra reads them."""
    history = await scene.system.history(scene.who("Petra"), run, None, 100)
    of = {item.kind: item.data for item in history.items}
    return of["gathering/noted"]["text"], of["run/evidence-proposed"]["items"][0]["text"]


async def goes(scene, year):
    retention = Retention(scene.system.log, scene.system.registry, scene.system.forget)
    return [one.due.kind for one in await retention.round(scene.now.replace(year=year))]


async def test_what_was_noted_goes_and_what_was_published_from_it_stays(scene):
    run = await closed(scene, publishes)
    assert await goes(scene, 2040) == ["contribution"]
    note, evidence = await texts(scene, run)
    assert note["placeholder"] == "erased"
    assert evidence == PUBLISHED
    shown = await scene.system.view(scene.who("Petra"), run, "evidence", scene.now)
    assert shown["publications"][0]["items"][0]["text"] == PUBLISHED


async def test_what_was_proposed_and_never_published_goes_in_its_own_time(scene):
    run = await closed(scene, proposes)
    assert await goes(scene, 2027) == ["contribution"]
    assert (await texts(scene, run))[1] == PUBLISHED
    assert await goes(scene, 2040) == ["evidence"]
    assert (await texts(scene, run))[1]["placeholder"] == "erased"


def test_a_row_says_what_keeps_a_kind_all_the_same():
    said = evidence_kept(terms=1)
    assert said.sentence == "To the end of the term after the end, unless it was published."
    assert evidence_kept(because="it names nobody").unless is None
