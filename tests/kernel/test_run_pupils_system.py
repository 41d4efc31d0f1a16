"""The register of pupils in a real System: what is sealed, what is shown, what no text may name."""

import json

import pytest
from tests.kernel.casework import CASEWORK
from tests.kernel.systems import over
from tests.kernel.test_withdrawal_race import does, gathers
from tests.runtime.scenes import Scene

from enquiry.kernel.methods import KERNEL
from enquiry.kernel.run.pupils import REGISTER_KEY, pupil_id
from enquiry.log.memory import MemoryLog
from enquiry.method.registry import load
from enquiry.method.rules import Reject
from enquiry.privacy.source import KeyFile


@pytest.fixture
async def scene(tmp_path) -> Scene:
    """Petra and Kelly gather at Beck Road; Judith leads another school."""
    registry = load(builtins=(*KERNEL, CASEWORK), points=())
    found = Scene(over(MemoryLog(), registry, KeyFile.create(tmp_path / "keys")))
    await found.settle()
    return found


async def registers(scene, run, label, name, **more):
    form = {"label": label, "real_identity": name, **more}
    return await does(scene, "Petra", "register-pupil", form, run)


async def interviewed(scene, run, label, text):
    """A parent consented and the pupil agreed; Kelly writes down what was said."""
    given = {
        "purposes": ["be_interviewed"],
        "basis": "consent",
        "statement_version": 1,
        "pupil_label": label,
        "given_by": "parent_carer",
    }
    await does(scene, "Petra", "record-consent", given, run)
    assent = {"pupil_label": label, "purpose": "be_interviewed", "agrees": True}
    await does(scene, "Kelly", "record-assent", assent, run)
    return await does(scene, "Kelly", "ask-pupil", {"label": label, "text": text}, run)


@pytest.mark.parametrize("text", ["Maisie counts on fingers", "Said that maisie quill helped"])
async def test_no_text_of_the_run_names_a_registered_pupil(scene, text):
    run = await gathers(scene)
    await registers(scene, run, "A", "Maisie Quill")
    await registers(scene, run, "B", "Obi Sallow")
    with pytest.raises(Reject) as refused:
        await interviewed(scene, run, "A", text)
    assert refused.value.code == "IDENTIFYING_TEXT"
    told = json.dumps([refused.value.sentence, *refused.value.details], default=str)
    assert "Obi" not in told
    assert "Sallow" not in told
    await interviewed(scene, run, "B", "A counts on fingers")


async def test_a_name_identifies_once_it_is_registered_and_in_that_run_alone(scene):
    run, other = await gathers(scene), await gathers(scene)
    await registers(scene, run, "A", "Maisie Quill")
    await registers(scene, other, "A", "Obi Sallow")
    await interviewed(scene, other, "A", "Told Maisie about halves")
    with pytest.raises(Reject) as refused:
        await interviewed(scene, run, "A", "Told Maisie about halves")
    assert refused.value.code == "IDENTIFYING_TEXT"
    await registers(scene, other, "B", "Maisie Quill")
    with pytest.raises(Reject) as refused:
        await interviewed(scene, other, "A", "Told Maisie about thirds")
    assert refused.value.code == "IDENTIFYING_TEXT"


async def test_a_pupil_who_takes_no_part_any_more_is_not_named_either(scene):
    run = await gathers(scene)
    await registers(scene, run, "A", "Maisie Quill")
    await registers(scene, run, "B", "Obi Sallow")
    form = {"pupil_label": "A", "purposes": ["participate"]}
    await does(scene, "Petra", "withdraw-consent", form, run)
    with pytest.raises(Reject) as refused:
        await interviewed(scene, run, "B", "Sat beside Maisie")
    assert refused.value.code == "IDENTIFYING_TEXT"


async def test_the_name_is_opened_for_colleagues_of_the_school_and_for_nobody_else(scene):
    run = await gathers(scene)
    await registers(scene, run, "A", "Maisie Quill", learner_group="Year 4")
    shown = await scene.system.view(scene.who("Kelly"), run, "pupils", scene.now)
    [pupil] = shown["pupils"]
    assert (pupil["name"], pupil["learner_group"]) == ("Maisie Quill", "Year 4")
    for name in ("Judith", "Amina", "Nasreen"):
        with pytest.raises(Reject) as refused:
            await scene.system.view(scene.who(name), run, "pupils", scene.now)
        assert refused.value.code == "NOT_FOUND"


async def test_the_name_has_a_key_of_its_own_beside_that_of_what_is_said_of_the_pupil(scene):
    run = await gathers(scene)
    await registers(scene, run, "A", "Maisie Quill", learner_group="Year 4")
    subject = pupil_id(run, "A")
    name = await scene.system.log.find_key(run, subject, REGISTER_KEY)
    said = await scene.system.log.find_key(run, subject, "contribution")
    assert name.id != said.id
    assert all(b"Maisie" not in event.body for event in await scene.system.log.read_stream(run))


async def test_staff_who_have_no_part_hand_on_a_withdrawal_and_read_nothing(scene):
    run = await gathers(scene)
    await registers(scene, run, "A", "Maisie Quill")
    noted = await does(scene, "Kelly", "see-pupil", {"label": "A", "text": "Halves"}, run)
    added = await scene.ally("Nasreen", "add-person", {"name": "Wren Ode"})
    scene.people["Wren"] = added.events[0].id
    grant = {
        "person": str(scene.people["Wren"]),
        "school": str(scene.schools["Beck Road"]),
        "standings": ["support_staff"],
        "since": "2026-09-01",
    }
    await scene.ally("Nasreen", "grant-membership", grant)
    form = {"pupil_label": "A", "purposes": ["be_observed"]}
    await does(scene, "Wren", "withdraw-consent", form, run)
    page = await scene.system.history(scene.who("Petra"), run, None, 100)
    assert noted.events[0].id not in {item.id for item in page.items}
    with pytest.raises(Reject) as refused:
        await scene.system.read(scene.who("Wren"), run, scene.now)
    assert refused.value.code == "NOT_FOUND"
    with pytest.raises(Reject) as refused:
        await does(scene, "Judith", "withdraw-consent", form, run)
    assert refused.value.code == "NOT_FOUND"
