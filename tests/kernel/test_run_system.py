"""A run, its enquiry and its bookings in a real System: what the parts promise holds together."""

import pytest
from tests.kernel.enquiry.group import ANSWERS, FLAGS
from tests.kernel.gathering import REVIEW

from enquiry.kernel.around import bookings_stream
from enquiry.method.rules import Reject


async def enquires(scene):
    """Judith's enquiry, with Petra as a member; Amina facilitates."""
    schools = [str(school) for school in scene.schools.values()]
    form = {
        "title": "Cause and effect",
        "schools": schools,
        "decision_rule": "unanimous_by_member",
    }
    opened = await scene.do("Judith", "create-enquiry", form, method="enquiry")
    enquiry = opened.stream
    for name, kind in (("Petra", "invite-member"), ("Amina", "name-facilitator")):
        person = {"person": str(scene.people[name])}
        await decides(scene, "Judith", kind, person, enquiry, "enquiry")
    await scene.do("Petra", "accept-invitation", {}, enquiry, method="enquiry")
    return enquiry


async def chooses(scene, enquiry, **choice):
    """Judith proposes the method, both members agree, and it is adopted."""
    form = {"kind": "method_choice", "method_choice": {"purpose": "explore", **choice}}
    made = await scene.do("Judith", "propose-decision", form, enquiry, method="enquiry")
    proposal = str(made.act)
    for name in ("Judith", "Petra"):
        said = {"proposal": proposal, "version": 1, "answer": "agree"}
        await scene.do(name, "respond-to-proposal", said, enquiry, method="enquiry")
    adopted = {"proposal": proposal}
    await decides(scene, "Judith", "adopt-proposal", adopted, enquiry, "enquiry")


async def decides(scene, name, kind, body, stream, method="gathering"):
    """Act on what is there this moment."""
    seen = await scene.system.read(scene.who(name), stream, scene.now)
    return await scene.do(name, kind, body, stream, method=method, if_match=seen.revision)


async def gathers(scene, **plan):
    """Petra leads, Kelly walks along, and both have adopted the protocol."""
    school = str(scene.schools["Beck Road"])
    form = {"purpose": "explore", "title": "Feedback", "school": school, **plan}
    run = (await scene.do("Petra", "plan-run", form, method="gathering")).stream
    invite = {"person": str(scene.people["Kelly"]), "role": "walker"}
    await scene.do("Petra", "invite-to-run", invite, run, method="gathering")
    await scene.do("Kelly", "accept-run-invitation", {}, run, method="gathering")
    for name in ("Petra", "Kelly"):
        await scene.do(name, "adopt-protocol", {"version": 2}, run, method="gathering")
    return run


async def reviewed(scene, enquiry):
    contacts = [
        {"school": str(school), "person": str(scene.people["Judith"])}
        for school in scene.schools.values()
    ]
    review = {"answers": ANSWERS, "flags": FLAGS, "contacts": contacts}
    await decides(scene, "Amina", "complete-ethics-review", review, enquiry, "enquiry")


async def publishes(scene, run):
    about = {"about": str(scene.people["Kelly"]), "text": "Nine of twelve books"}
    noted = await scene.do("Kelly", "note", about, run, method="gathering")
    await scene.do("Kelly", "review-identifiability", REVIEW, run, method="gathering")
    piece = {
        "output": str(noted.events[0].id),
        "text": "Nine of twelve books show a change",
        "collection_method": "work_sample",
        "respondents": "pupils",
        "level": "student",
    }
    form = {"items": [piece]}
    asked = await scene.do("Kelly", "publish-run-evidence", form, run, method="gathering")
    form = {"confirms": str(asked.act)}
    return await scene.do("Petra", "publish-run-evidence", form, run, method="gathering")


async def warned(scene, name, stream):
    seen = await scene.system.read(scene.who(name), stream, scene.now)
    return [warning.code for warning in seen.warnings]


async def test_a_reason_given_in_the_enquiry_reaches_its_runs_in_time(scene):
    enquiry = await enquires(scene)
    run = await gathers(scene, enquiry=str(enquiry))
    assert await warned(scene, "Petra", run) == ["METHOD_WITHOUT_REASON"]
    await chooses(scene, enquiry, method="gathering", reason="Many rooms in a morning")
    await scene.system.tick(scene.now)
    assert await warned(scene, "Petra", run) == []


async def test_a_run_waits_for_the_ethics_review_of_its_enquiry(scene):
    enquiry = await enquires(scene)
    run = await gathers(scene, enquiry=str(enquiry), reason="Many rooms")
    with pytest.raises(Reject) as refused:
        await decides(scene, "Petra", "start-run", {}, run)
    assert refused.value.code == "ETHICS_REVIEW_REQUIRED"
    await reviewed(scene, enquiry)
    await decides(scene, "Petra", "start-run", {}, run)


async def test_evidence_of_two_people_reaches_the_members_of_the_enquiry(scene):
    enquiry = await enquires(scene)
    await reviewed(scene, enquiry)
    run = await gathers(scene)
    await decides(scene, "Petra", "start-run", {}, run)
    published = await publishes(scene, run)
    with pytest.raises(Reject) as refused:
        await scene.system.view(scene.who("Judith"), run, "evidence", scene.now)
    assert refused.value.code == "NOT_FOUND"
    await decides(scene, "Petra", "link-run", {"enquiry": str(enquiry)}, run)
    shown = await scene.system.view(scene.who("Judith"), run, "evidence", scene.now)
    (publication,) = shown["publications"]
    assert publication["id"] == str(published.act)
    assert publication["items"][0]["text"] == "Nine of twelve books show a change"
    history = await scene.system.history(scene.who("Judith"), enquiry, None, 100)
    received = [item.data for item in history.items if item.kind == "enquiry/evidence-received"]
    (told,) = received
    assert (told["run"], told["publication"]) == (str(run), str(published.act))
    assert [piece["collection_method"] for piece in told["items"]] == ["work_sample"]


async def matrix(scene, name, enquiry):
    """The pieces in the enquiry's evidence matrix, as somebody reads them."""
    return (await scene.system.view(scene.who(name), enquiry, "evidence-matrix", scene.now))[
        "items"
    ]


async def test_members_read_the_words_of_published_evidence_in_the_matrix(scene):
    enquiry = await enquires(scene)
    await reviewed(scene, enquiry)
    run = await gathers(scene, enquiry=str(enquiry), reason="Many rooms")
    await decides(scene, "Petra", "start-run", {}, run)
    await publishes(scene, run)
    (piece,) = await matrix(scene, "Judith", enquiry)
    assert (piece["run"], piece["text"]) == (str(run), "Nine of twelve books show a change")


async def test_a_critical_friend_reads_of_a_run_that_there_is_evidence_and_no_word(scene):
    enquiry = await enquires(scene)
    friend = {"person": str(scene.people["Nasreen"])}
    await scene.do("Judith", "name-critical-friend", friend, enquiry, method="enquiry")
    await reviewed(scene, enquiry)
    run = await gathers(scene, enquiry=str(enquiry), reason="Many rooms")
    await decides(scene, "Petra", "start-run", {}, run)
    await publishes(scene, run)
    (piece,) = await matrix(scene, "Nasreen", enquiry)
    assert piece["text"] == {"placeholder": "withheld", "reason": "not-yours"}


async def test_what_was_not_looked_at_before_can_be_booked_all_the_same(scene):
    school = str(scene.schools["Beck Road"])
    diary = (await scene.do("Petra", "open-diary", {"school": school}, method="diary")).stream
    slot = {
        "what": "visit-1",
        "start": "2026-11-19T09:10:00Z",
        "end": "2026-11-19T09:20:00Z",
        "people": [str(scene.people["Judith"])],
    }
    for what in ("visit-0", "visit-1"):
        other = await scene.do("Petra", "open-diary", {"school": school}, method="diary")
        asked = {"slots": [{**slot, "what": what}]}
        await scene.do("Petra", "insist", asked, other.stream, method="diary")
    calendar = bookings_stream(scene.schools["Ashlow"])
    kept = await scene.system.log.read_stream(calendar)
    assert [event.kind for event in kept] == ["core/opened", "calendar/booked", "calendar/booked"]
    again = {"slots": [{**slot, "what": "visit-2"}]}
    with pytest.raises(Reject) as refused:
        await scene.do("Petra", "change", again, diary, method="diary")
    assert refused.value.code == "PERSON_DOUBLE_BOOKED"
