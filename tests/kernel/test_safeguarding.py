"""A safeguarding concern reaches whoever answers for it at that school, and nobody else."""

from typing import Any

import pytest
from tests.runtime.scenes import Scene

from enquiry.kernel.safeguarding.concern import concerns_stream
from enquiry.method.rules import Reject
from enquiry.runtime.feed.reference import encoded, reference_to
from enquiry.runtime.terms import Asker, Outcome

WORRY = "A pupil told me something that I cannot keep to myself."
OTHERS = ("Petra", "Kelly", "Judith", "Nasreen")


async def joins(scene: Scene, name: str, standing: str) -> None:
    """Somebody joins Beck Road."""
    added = await scene.ally("Nasreen", "add-person", {"name": name})
    scene.people[name] = added.events[0].id
    grant = {"person": str(scene.people[name]), "school": str(scene.schools["Beck Road"])}
    grant |= {"standings": [standing], "since": "2026-09-01"}  # pyright: ignore[reportAssignmentType]
    await scene.ally("Nasreen", "grant-membership", grant)


async def named(scene: Scene, *people: str) -> None:
    """Beck Road names its safeguarding leads."""
    form = {"school": str(scene.schools["Beck Road"]), "capacity": "safeguarding_lead"}
    form |= {"people": [str(scene.people[one]) for one in people]}  # pyright: ignore[reportAssignmentType]
    seen = await scene.system.read(scene.who("Nasreen"), scene.alliance, scene.now)
    told = {"method": "alliance", "if_match": seen.revision}
    await scene.do("Nasreen", "name-capacity", form, scene.alliance, **told)  # pyright: ignore[reportArgumentType]


async def worries(scene: Scene, name: str, key: str | None = None, **more: str) -> Outcome:
    form = {"description": WORRY, **more}
    return await scene.do(
        name,
        "raise-safeguarding-concern",
        form,
        scene.alliance,
        method="alliance",
        key=key,
    )


def place(scene: Scene) -> Any:
    return concerns_stream(scene.schools["Beck Road"])


async def concerns(scene: Scene, name: str) -> list[Any]:
    """What somebody reads of Beck Road's concerns."""
    shown = await scene.system.view(scene.who(name), place(scene), "concerns", scene.now)
    return shown["concerns"]


async def test_the_safeguarding_lead_of_the_school_reads_a_concern(scene: Scene) -> None:
    await named(scene, "Amina")
    await worries(scene, "Kelly", about_ref="a learning walk")
    (read,) = await concerns(scene, "Amina")
    assert read["description"] == WORRY
    assert read["about"] == "a learning walk"
    assert read["by"] == str(scene.people["Kelly"])


@pytest.mark.parametrize("name", OTHERS)
async def test_nobody_else_learns_that_there_is_one(scene: Scene, name: str) -> None:
    await named(scene, "Amina")
    await worries(scene, "Kelly")
    for attempt in (
        scene.system.read(scene.who(name), place(scene), scene.now),
        scene.system.view(scene.who(name), place(scene), "concerns", scene.now),
        scene.system.history(scene.who(name), place(scene), None, 10),
    ):
        with pytest.raises(Reject, match="nothing here") as refused:
            await attempt
        assert refused.value.code == "NOT_FOUND"


async def test_whoever_operates_the_platform_learns_nothing(scene: Scene) -> None:
    await named(scene, "Amina")
    await worries(scene, "Kelly")
    with pytest.raises(Reject, match="nothing here"):
        await scene.system.read(Asker(scene.people["Olga"], operator=True), place(scene), scene.now)


async def test_it_is_in_no_list_but_that_of_whoever_answers(scene: Scene) -> None:
    await named(scene, "Amina")
    await worries(scene, "Kelly")
    for name in (*OTHERS, "Amina"):
        for kind in ("run", "enquiry", "alliance", "calendar", "concerns"):
            page = await scene.system.streams(scene.who(name), kind, None, 50)
            listed = place(scene) in {item.id for item in page.items}
            assert listed == (name == "Amina" and kind == "concerns"), (name, kind)


async def test_it_leaves_no_trace_in_the_alliance_or_in_a_run(scene: Scene) -> None:
    await named(scene, "Amina")
    before = await scene.system.read(scene.who("Nasreen"), scene.alliance, scene.now)
    made = await worries(scene, "Kelly")
    after = await scene.system.read(scene.who("Nasreen"), scene.alliance, scene.now)
    assert before == after
    assert made.events == ()
    assert made.stream == scene.alliance


async def test_the_words_are_sealed_under_a_key_of_their_own(scene: Scene) -> None:
    await worries(scene, "Kelly", about_ref="a learning walk")
    log = scene.system.log
    events = await log.read_stream(place(scene))
    assert [event.kind for event in events] == ["core/opened", "safeguarding/concern-raised"]
    assert not any(b"learning walk" in e.body or b"pupil told" in e.body for e in events)
    key = await log.find_key(place(scene), scene.people["Kelly"], "safeguarding")
    assert key is not None


async def test_whoever_listens_to_the_bell_hears_nothing_of_it(scene: Scene) -> None:
    await worries(scene, "Kelly")
    events = await scene.system.log.read_stream(place(scene))
    said = [reference_to(event) for event in events]
    assert {one.kind for one in said} == {"core/withheld"}
    for one in said:
        text = encoded(one).decode()
        assert str(place(scene)) not in text
        assert str(scene.alliance) not in text


async def test_a_pupil_raises_a_concern_like_everybody_else(scene: Scene) -> None:
    await joins(scene, "Pip", "pupil")
    await named(scene, "Amina")
    await worries(scene, "Pip")
    assert len(await concerns(scene, "Amina")) == 1


async def test_a_concern_about_another_school_goes_to_that_school(scene: Scene) -> None:
    await named(scene, "Amina")
    await worries(scene, "Judith", school=str(scene.schools["Beck Road"]))
    assert len(await concerns(scene, "Amina")) == 1


async def test_whoever_is_of_no_school_says_at_which_school(scene: Scene) -> None:
    with pytest.raises(Reject, match="which school") as refused:
        await worries(scene, "Nasreen")
    assert (refused.value.code, refused.value.pointer) == ("VALIDATION_FAILED", "/school")
    await worries(scene, "Nasreen", school=str(scene.schools["Beck Road"]))


async def test_a_stranger_raises_nothing_here(scene: Scene) -> None:
    with pytest.raises(Reject) as refused:
        await worries(scene, "Zed", school=str(scene.schools["Beck Road"]))
    assert refused.value.code == "NOT_FOUND"


async def test_a_concern_raised_while_nobody_answers_waits_for_whoever_will(scene: Scene) -> None:
    await worries(scene, "Kelly")
    for name in (*OTHERS, "Amina"):
        with pytest.raises(Reject):
            await concerns(scene, name)
    await named(scene, "Amina")
    assert len(await concerns(scene, "Amina")) == 1


async def test_the_alliance_says_whom_to_turn_to_where_a_school_has_nobody(scene: Scene) -> None:
    contact = {"people": [str(scene.people["Judith"])]}
    await scene.ally("Nasreen", "name-safeguarding-contacts", contact)
    await worries(scene, "Kelly")
    assert len(await concerns(scene, "Judith")) == 1
    told = await scene.system.view(scene.who("Kelly"), scene.alliance, "safeguarding", scene.now)
    here = str(scene.schools["Beck Road"])
    (mine,) = [one for one in told["schools"] if one["school"] == here]
    assert (mine["names"], mine["at_school"]) == (["Judith Crane"], False)


async def test_the_alliances_contact_reads_no_more_once_the_school_has_its_own(
    scene: Scene,
) -> None:
    contact = {"people": [str(scene.people["Judith"])]}
    await scene.ally("Nasreen", "name-safeguarding-contacts", contact)
    await worries(scene, "Kelly")
    await named(scene, "Amina")
    with pytest.raises(Reject):
        await concerns(scene, "Judith")
    assert len(await concerns(scene, "Amina")) == 1


async def test_a_lead_who_has_left_the_school_reads_no_more(scene: Scene) -> None:
    await named(scene, "Amina")
    await worries(scene, "Kelly")
    ended = {"person": str(scene.people["Amina"]), "school": str(scene.schools["Beck Road"])}
    await scene.ally("Nasreen", "end-membership", {**ended, "until": "2026-11-02"})
    with pytest.raises(Reject):
        await concerns(scene, "Amina")


async def test_only_a_steward_names_whom_the_alliance_turns_to(scene: Scene) -> None:
    contact = {"people": [str(scene.people["Petra"])]}
    with pytest.raises(Reject) as refused:
        await scene.ally("Petra", "name-safeguarding-contacts", contact)
    assert refused.value.code == "NOT_PERMITTED"


async def test_a_concern_sent_twice_is_raised_once(scene: Scene) -> None:
    await named(scene, "Amina")
    first = await worries(scene, "Kelly", key="once")
    again = await worries(scene, "Kelly", key="once")
    assert again.replayed
    assert again.position == first.position
    assert len(await concerns(scene, "Amina")) == 1


async def test_several_concerns_stand_in_the_order_in_which_they_were_raised(scene: Scene) -> None:
    await named(scene, "Amina")
    for name in ("Kelly", "Petra", "Kelly"):
        await worries(scene, name)
    read = await concerns(scene, "Amina")
    raised = [str(scene.people[name]) for name in ("Kelly", "Petra", "Kelly")]
    assert [one["by"] for one in read] == raised
