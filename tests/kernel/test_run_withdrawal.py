"""What a withdrawal reaches beyond the run: the enquiry is told that, and not whose; erasure."""

import pytest
from tests.kernel import casework
from tests.kernel.gathering import ended, kinds, notes, started
from tests.kernel.test_run_evidence import published, serving
from tests.kernel.test_run_system import decides, enquires, gathers, publishes, reviewed
from tests.kernel.valley import SERVED

from enquiry.kernel.enquiry.received import EvidenceWithdrawn
from enquiry.kernel.run.pupils import pupil_id
from enquiry.testing import named, person


def withdraws(told, name="Declan", *purposes):
    form = {"purposes": [*purposes] or ["be_observed"]}
    return told.who(name).does("withdraw-consent", form)


# The enquiry


def test_members_of_the_enquiry_are_told_which_publication_lost_something():
    told = withdraws(published(serving()))
    run, act = told.live.stream, named("publishing")
    lost = EvidenceWithdrawn(run=run, publication=act, outputs=(named("a note"),))
    after = told.then("consent-withdrawn", "evidence-withdrawn", warns=[])
    [(stream, fact)] = [
        (planned.stream, planned.entry)
        for planned in told._happens()[1].facts
        if isinstance(planned.entry, EvidenceWithdrawn)
    ]
    assert (stream, fact) == (SERVED, lost)
    withdraws(after).then("consent-withdrawn")


def test_the_enquiry_is_told_nothing_where_nothing_that_it_was_given_is_lost():
    withdraws(serving()).then("consent-withdrawn")
    withdraws(published(serving()), "Declan", "quote_verbatim").then("consent-withdrawn")


async def test_it_is_told_that_something_was_withdrawn_and_not_whose(scene):
    enquiry = await enquires(scene)
    await reviewed(scene, enquiry)
    run = await gathers(scene, enquiry=str(enquiry), reason="Many rooms")
    await decides(scene, "Petra", "start-run", {}, run)
    host = {"person": str(scene.people["Kelly"])}
    await scene.do("Petra", "name-host", host, run, method="gathering")
    published_ = await publishes(scene, run)
    form = {"purposes": ["be_observed"]}
    await scene.do("Kelly", "withdraw-consent", form, run, method="gathering")
    page = await scene.system.history(scene.who("Judith"), enquiry, None, 100)
    [told] = [item for item in page.items if item.kind == "enquiry/evidence-withdrawn"]
    assert (told.by, told.acting_for) == (None, None)
    assert told.data["publication"] == str(published_.act)
    shown = await scene.system.view(scene.who("Judith"), run, "evidence", scene.now)
    assert [piece["stands"] for piece in shown["publications"][0]["items"]] == [False]


# Asking for erasure


def erases(told, name="Declan", **form):
    return told.who(name).does("request-erasure", {"scope": "run", **form})


def test_somebody_asks_for_erasure_and_nobody_else_learns_of_it():
    told = erases(notes(started(), "Kelly", "a note")).then(
        "erasure-requested", "erasure-requested", warns=[]
    )
    assert person("Declan") in told.live.state.erasures
    for name in ("Petra", "Kelly", "Hamish", "Tom"):
        assert "erasure-requested" not in kinds(told, name)
    assert "noted" in kinds(told, "Petra")


def test_it_is_asked_for_after_the_end_and_by_somebody_who_has_left():
    told = erases(ended(notes(started(), "Kelly", "a note"))).then(
        "erasure-requested", "erasure-requested"
    )
    told = started().who("Hamish").does("leave-run")
    erases(told, "Hamish").then("erasure-requested", "erasure-requested")


def test_everywhere_is_more_than_here_and_asking_again_takes_nothing_back():
    told = erases(erases(started(), scope="person"), scope="run")
    assert told.live.state.erasures[person("Declan")].everywhere
    told = erases(erases(started(), scope="run"), scope="person")
    assert told.live.state.erasures[person("Declan")].everywhere


@pytest.mark.parametrize("by", ["Petra", "Tom"])
def test_for_a_pupil_it_is_asked_for_by_staff_of_the_school(by):
    told = erases(casework.with_pupils(), by, pupil_label="A").then(
        "erasure-requested", "erasure-requested"
    )
    assert [*told.live.state.erasures] == [pupil_id(told.live.stream, "A")]


@pytest.mark.parametrize(
    ("by", "code"), [("Hamish", "NOT_PERMITTED"), ("Judith", "NOT_FOUND"), ("Rosa", "NOT_FOUND")]
)
def test_nobody_else_asks_for_a_pupils_erasure(by, code):
    erases(casework.with_pupils(), by, pupil_label="A").refused(code)
