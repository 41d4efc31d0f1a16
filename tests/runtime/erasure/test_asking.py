"""Who asks for erasure, who decides, and what a hold keeps."""

from datetime import timedelta
from typing import Any

import pytest
from tests.runtime.erasure.asking import (
    WORD,
    asks,
    decides,
    erasures,
    granted,
    holds,
    notes,
    stands,
    written,
)
from tests.runtime.scenes import Scene

from enquiry.kernel.alliance.erasures import Stand
from enquiry.method.rules import Reject
from enquiry.privacy.ledger import MemoryLedger
from enquiry.runtime.erasure.fence import Fence


async def code(doing: Any) -> str:
    with pytest.raises(Reject) as refused:
        await doing
    return refused.value.code


async def contact(scene: Scene, name: str) -> None:
    """Somebody answers for data at Beck Road."""
    revision = (await scene.system.log.revisions([scene.alliance]))[scene.alliance]
    body = {
        "school": str(scene.schools["Beck Road"]),
        "capacity": "data_contact",
        "people": [str(scene.people[name])],
    }
    await scene.do(
        "Nasreen", "name-capacity", body, scene.alliance, method="alliance", if_match=revision
    )


async def listed(scene: Scene, name: str) -> list[Any]:
    view = await scene.system.view(scene.who(name), scene.alliance, "erasures", scene.now)
    return view["erasures"]


async def test_people_ask_for_themselves_and_see_how_it_stands(scene: Scene) -> None:
    request = await asks(scene, "Kelly")
    (mine,) = await listed(scene, "Kelly")
    assert (mine["request"], mine["stand"]) == (str(request), "asked")
    assert await listed(scene, "Petra") == []
    assert len(await listed(scene, "Nasreen")) == 1  # no school has a data contact


async def test_a_colleague_may_not_ask_for_somebody_else(scene: Scene) -> None:
    assert await code(asks(scene, "Petra", "Kelly")) == "NOT_PERMITTED"


async def test_asking_twice_is_asking_once(scene: Scene) -> None:
    await asks(scene, "Kelly")
    await asks(scene, "Kelly")
    assert len(await listed(scene, "Kelly")) == 1


async def test_the_data_contact_decides_and_then_no_longer_the_steward(scene: Scene) -> None:
    await contact(scene, "Petra")
    request = await asks(scene, "Kelly")
    assert await listed(scene, "Nasreen") == []
    assert await code(decides(scene, "Nasreen", "grant-erasure", request)) == "NOT_PERMITTED"
    await decides(scene, "Petra", "grant-erasure", request)
    assert (await stands(scene, request)).stand is Stand.GRANTED


async def test_nobody_decides_about_themselves(scene: Scene) -> None:
    await contact(scene, "Petra")
    request = await asks(scene, "Petra")
    assert await code(decides(scene, "Petra", "grant-erasure", request)) == "NOT_PERMITTED"


async def test_what_was_decided_is_not_decided_again(scene: Scene) -> None:
    request = await granted(scene)
    refusal = {"because": "duty", "explanation": "We must keep it."}
    done = decides(scene, "Nasreen", "refuse-erasure", request, **refusal)
    assert await code(done) == "WRONG_STAGE"


async def test_what_is_refused_is_not_destroyed(scene: Scene) -> None:
    stream = await written(scene)
    request = await asks(scene, "Kelly")
    refusal = {"because": "duty", "explanation": "We must keep it."}
    await decides(scene, "Nasreen", "refuse-erasure", request, **refusal)
    assert await erasures(scene, MemoryLedger()).round(scene.now) == []
    assert WORD in str(await notes(scene, stream))


async def test_what_was_asked_on_somebodys_behalf_takes_a_second_person(scene: Scene) -> None:
    await written(scene)
    await contact(scene, "Petra")
    request = await asks(scene, "Petra", "Kelly")
    await decides(scene, "Petra", "grant-erasure", request)
    assert (await stands(scene, request)).stand is Stand.WAITING
    assert await erasures(scene, MemoryLedger()).round(scene.now) == []
    assert await code(decides(scene, "Petra", "confirm-erasure", request)) == "NOT_PERMITTED"
    await decides(scene, "Nasreen", "confirm-erasure", request)
    (done,) = await erasures(scene, MemoryLedger()).round(scene.now)
    assert done.done


async def test_a_hold_keeps_a_persons_texts_until_it_is_released(scene: Scene) -> None:
    stream = await written(scene)
    hold = await holds(scene, person=str(scene.people["Kelly"]))
    request = await granted(scene)
    eraser = erasures(scene, MemoryLedger())
    assert not (await eraser.round(scene.now))[0].done
    assert WORD in str(await notes(scene, stream))
    assert (await stands(scene, request)).stand is Stand.GRANTED
    released = {"hold": str(hold), "reason": "The claim is settled"}
    await scene.ally("Nasreen", "release-hold", released)
    assert (await eraser.round(scene.now))[0].done
    assert WORD not in str(await notes(scene, stream))


async def test_a_hold_ends_with_its_day(scene: Scene) -> None:
    stream = await written(scene)
    await holds(scene, stream=str(stream))
    await granted(scene)
    eraser = erasures(scene, MemoryLedger())
    assert not (await eraser.round(scene.now + timedelta(days=30)))[0].done
    assert WORD in str(await notes(scene, stream))
    assert (await eraser.round(scene.now + timedelta(days=31)))[0].done


async def test_a_hold_of_one_kind_keeps_no_other(scene: Scene) -> None:
    await written(scene)
    await holds(scene, person=str(scene.people["Kelly"]), kinds=["contribution"])
    await granted(scene)
    await erasures(scene, MemoryLedger()).round(scene.now)
    keys = await scene.system.log.keys_of(scene.alliance, scene.people["Kelly"])
    assert {key.kind for key in keys if key.living} == {"contribution"}


async def test_a_hold_that_comes_while_keys_are_being_destroyed_keeps_them(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    stream = await written(scene)
    request = await granted(scene)
    say, placed = Fence._say, []

    async def slowly(self: Fence, *asked: Any) -> None:
        if not placed:
            placed.append(await holds(scene, person=str(scene.people["Kelly"])))
        await say(self, *asked)

    monkeypatch.setattr(Fence, "_say", slowly)
    assert not (await erasures(scene, MemoryLedger()).round(scene.now))[0].done
    assert WORD in str(await notes(scene, stream))
    assert (await stands(scene, request)).stand is Stand.GRANTED


async def test_a_hold_says_whose_or_where_and_ends_within_a_year(scene: Scene) -> None:
    assert await code(holds(scene)) == "VALIDATION_FAILED"
    until = (scene.now + timedelta(days=400)).date().isoformat()
    long = holds(scene, person=str(scene.people["Kelly"]), until=until)
    assert await code(long) == "VALIDATION_FAILED"


async def test_only_who_answers_for_data_places_a_hold(scene: Scene) -> None:
    until = (scene.now + timedelta(days=9)).date().isoformat()
    body = {
        "basis": "legal",
        "reason": "A claim",
        "until": until,
        "person": str(scene.people["Kelly"]),
    }
    assert await code(scene.ally("Petra", "place-hold", body)) == "NOT_PERMITTED"


async def test_of_holds_the_person_learns_nothing(scene: Scene) -> None:
    await holds(scene, person=str(scene.people["Kelly"]))
    view = await scene.system.view(scene.who("Kelly"), scene.alliance, "erasures", scene.now)
    assert view["holds"] == []
    told = await scene.system.history(scene.who("Kelly"), scene.alliance, None, 200)
    assert "alliance/hold-placed" not in {item.kind for item in told.items}


async def test_kinds_that_a_duty_keeps_stay(scene: Scene) -> None:
    await written(scene)
    request = await asks(scene, "Kelly")
    await decides(scene, "Nasreen", "grant-erasure", request, keeps=["identity"])
    await erasures(scene, MemoryLedger()).round(scene.now)
    keys = await scene.system.log.keys_of(scene.alliance, scene.people["Kelly"])
    assert {key.kind for key in keys if key.living} == {"identity"}
    assert (await stands(scene, request)).stand is Stand.DONE


async def test_nothing_more_is_recorded_of_who_was_erased(scene: Scene) -> None:
    stream = await written(scene)
    await granted(scene)
    await erasures(scene, MemoryLedger()).round(scene.now)
    more = scene.note("Kelly", "Kelly", "One more", stream)
    assert await code(more) == "SUBJECT_ERASED"
