"""Evidence that a run has published outlasts what it was drawn from; what was not, does not."""

from datetime import timedelta

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
from enquiry.method.rules import Reject
from enquiry.privacy.source import KeyFile
from enquiry.runtime.retention import ClockAhead, Retention
from enquiry.runtime.start import retained

ROWS = (Keep(kind="contribution", what="What was noted", days=30), evidence_kept(years=1))
PUBLISHED = "Nine of twelve books show a change"
PIECE = {
    "text": PUBLISHED,
    "collection_method": "work_sample",
    "respondents": "pupils",
    "level": "student",
}


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
    piece = {**PIECE, "output": str(noted.events[0].id)}
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


async def test_what_is_kept_no_longer_is_neither_proposed_nor_published_any_more(scene):
    run = await closed(scene, proposes)
    history = await scene.system.history(scene.who("Petra"), run, None, 100)
    [waits] = [str(item.id) for item in history.items if item.kind == "run/evidence-proposed"]
    assert await goes(scene, 2040) == ["contribution", "evidence"]
    for form in ({"confirms": waits}, {"items": [{**PIECE, "output": waits}]}):
        with pytest.raises(Reject) as refused:
            await scene.do("Petra", "publish-run-evidence", form, run, method="gathering")
        assert refused.value.code == "RECORD_CLOSED"
    assert await goes(scene, 2041) == []


async def test_what_is_published_before_it_lapses_keeps_it(scene):
    run = await closed(scene, proposes)
    history = await scene.system.history(scene.who("Petra"), run, None, 100)
    [waits] = [str(item.id) for item in history.items if item.kind == "run/evidence-proposed"]
    assert await goes(scene, 2027) == ["contribution"]
    await scene.do("Petra", "publish-run-evidence", {"confirms": waits}, run, method="gathering")
    assert await goes(scene, 2040) == []
    assert (await texts(scene, run))[1] == PUBLISHED


def test_a_row_says_what_keeps_a_kind_all_the_same():
    said = evidence_kept(terms=1)
    assert said.sentence == "To the end of the term after the end, unless it was published."
    assert evidence_kept(because="it names nobody").unless is None


# A school's own times


async def decides_policy(scene, *keeps, school="Beck Road"):
    form = {"school": str(scene.schools[school]), "policy": {}, "keeps": [*keeps]}
    seen = await scene.system.read(scene.who("Nasreen"), scene.alliance, scene.now)
    await scene.do(
        "Nasreen", "set-policy", form, scene.alliance, method="alliance", if_match=seen.revision
    )


def own(**time):
    return {"method": "gathering", "kind": "contribution", **time}


async def due_after(scene, **time):
    retention = Retention(scene.system.log, scene.system.registry)
    return [one.kind async for one in retention.due(scene.now + timedelta(**time))]


async def test_a_school_keeps_notes_for_a_shorter_time(scene):
    await closed(scene, publishes)
    assert await due_after(scene, days=8) == []
    await decides_policy(scene, own(days=7))
    assert await due_after(scene, days=7) == []
    assert await due_after(scene, days=8) == ["contribution"]


async def test_a_school_keeps_notes_for_a_longer_time(scene):
    await closed(scene, publishes)
    assert await due_after(scene, days=31) == ["contribution"]
    await decides_policy(scene, own(days=60))
    assert await due_after(scene, days=31) == []
    assert await due_after(scene, days=61) == ["contribution"]


async def test_what_another_school_has_set_does_not_count(scene):
    await closed(scene, publishes)
    await decides_policy(scene, own(days=0), school="Ashlow")
    assert await due_after(scene, days=8) == []


async def test_what_was_published_stays_whatever_a_school_says(scene):
    await closed(scene, publishes)
    await decides_policy(scene, {**own(days=0), "kind": "evidence"})
    assert await due_after(scene, days=20) == []


@pytest.mark.parametrize(
    "keeps", [[own()], [own(days=1, terms=1)], [own(days=1), own(days=2)], [own(days=-1)]]
)
async def test_a_school_says_one_time_for_a_kind_once(scene, keeps):
    with pytest.raises(Reject) as refused:
        await decides_policy(scene, *keeps)
    assert refused.value.code == "VALIDATION_FAILED"


# The clock, and what goes wrong


async def test_nothing_is_destroyed_by_a_clock_that_is_far_ahead(scene):
    run = await closed(scene, publishes)
    retention = Retention(scene.system.log, scene.system.registry)
    await retention.check_clock(scene.now + timedelta(days=183))
    with pytest.raises(ClockAhead, match="2026-11-03 was recorded last"):
        await retention.check_clock(scene.now + timedelta(days=184))
    scene.system.clock = lambda: scene.now + timedelta(days=184)
    await retained(scene.system, retention)
    assert (await texts(scene, run))[0] == "Nine of twelve books"
    scene.system.clock = lambda: scene.now + timedelta(days=40)
    await retained(scene.system, retention)
    assert (await texts(scene, run))[0]["placeholder"] == "erased"


async def test_an_unexpected_error_ends_one_look_and_not_the_next(scene, monkeypatch):
    run = await closed(scene, publishes)
    retention = Retention(scene.system.log, scene.system.registry)
    scene.system.clock = lambda: scene.now + timedelta(days=40)

    async def breaks(*_):
        raise RuntimeError("broken")

    with monkeypatch.context() as patched:
        patched.setattr(scene.system.log, "living", breaks)
        await retained(scene.system, retention)
    assert (await texts(scene, run))[0] == "Nine of twelve books"
    await retained(scene.system, retention)
    assert (await texts(scene, run))[0]["placeholder"] == "erased"


async def test_a_stream_that_cannot_be_judged_does_not_keep_the_others(scene, monkeypatch):
    first = await closed(scene, publishes)
    second = await closed(scene, publishes)
    judged = Retention._judged

    async def breaks(self, alliance, stream, *more):
        if stream == first:
            raise RuntimeError("broken")
        return await judged(self, alliance, stream, *more)

    monkeypatch.setattr(Retention, "_judged", breaks)
    retention = Retention(scene.system.log, scene.system.registry)
    gone = await retention.round(scene.now + timedelta(days=40))
    assert [one.due.stream for one in gone] == [second]
