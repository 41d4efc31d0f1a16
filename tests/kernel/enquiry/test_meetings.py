"""Meetings, and how the lead is shared: told without blame, and to whom it concerns."""

from tests.kernel.enquiry.group import MEMBERS, launched, normed, trying
from tests.kernel.valley import who

from enquiry.testing import named, person


def meets(told, chair="Petra", number=1, roles=None, brought=MEMBERS, **closing):
    """A meeting with everybody; roles are organiser, enquiry lead, broker."""
    called = f"meeting {number}"
    form = {
        "on": f"2026-11-{number + 9:02}",
        "chair": who(chair),
        "recorder": who("Grace"),
        "attendance": [who(name) for name in (*MEMBERS, "Ines")],
    }
    told = told.who("Grace").does("open-meeting", form, called=called)
    meeting = {"meeting": str(named(called))}
    for name in brought:
        brings = {**meeting, "person": who(name), "kind": "shared_practice"}
        told = told.does("record-contribution", brings)
    if roles:
        names = dict(zip(("organiser", "enquiry_lead", "broker"), map(who, roles), strict=True))
        told = told.does("assign-next-roles", {**meeting, **names})
    return told.does("close-meeting", {**meeting, **closing})


def warned(told, name):
    return set(told.warned(name)) & {
        "LEADERSHIP_DOMINATED",
        "FACILITATOR_DEPENDENCY",
        "PASSENGER_RISK",
        "NORMS_NOT_REVIEWED",
    }


def dominated(organiser="Petra", chair="Petra"):
    told = launched()
    for number in range(1, 4):
        told = meets(told, chair, number, (organiser, organiser, "Tom"), norms_reviewed=True)
    return told


def test_a_meeting_that_is_closed_takes_nothing_more():
    told = meets(launched())
    form = {"meeting": str(named("meeting 1")), "person": who("Tom"), "kind": "challenged"}
    told.does("record-contribution", form).refused("RECORD_CLOSED")


def test_only_people_of_the_enquiry_are_at_its_meetings():
    told = launched().who("Grace")
    form = {
        "on": "2026-11-10",
        "chair": who("Kelly"),
        "recorder": who("Grace"),
        "attendance": [who("Grace")],
    }
    told.does("open-meeting", form).refused("VALIDATION_FAILED", pointer="/chair")


def test_an_innovation_meeting_renegotiates_three_roles_or_it_is_remarked():
    told = meets(trying()).then(warns=["ROLES_NOT_RENEGOTIATED"])
    meets(told, "Judith", 2, ("Tom", "Judith", "Hamish"), norms_reviewed=True).then(warns=[])
    meets(launched()).then(warns=[])


def test_one_who_leads_most_hears_of_it_and_the_group_only_that_it_was_so():
    told = dominated()
    assert "LEADERSHIP_DOMINATED" in warned(told, "Petra")
    assert "LEADERSHIP_DOMINATED" in warned(told, "Ines")
    assert "LEADERSHIP_DOMINATED" not in warned(told, "Grace")
    seen = told.view("leadership", "Grace")
    assert (seen["concentrated"], seen["mine"]) == (True, 0)
    assert seen["shape"] == [9, 3]
    assert who("Petra") not in str(seen)


def test_nothing_is_said_before_three_meetings():
    told = launched()
    for number in (1, 2):
        told = meets(told, "Petra", number, ("Petra", "Petra", "Petra"), norms_reviewed=True)
    assert warned(told, "Petra") == set()


def test_organising_three_times_running_is_enough():
    told = launched()
    for number, chair in enumerate(("Judith", "Hamish", "Grace"), start=1):
        told = meets(told, chair, number, ("Tom", "Petra", "Judith"), norms_reviewed=True)
    assert "LEADERSHIP_DOMINATED" in warned(told, "Tom")


def test_a_lead_that_is_shared_again_resolves_it():
    told = dominated()
    for number in (4, 5, 6):
        roles = ("Tom", "Judith", "Hamish") if number != 5 else ("Grace", "Tom", "Judith")
        told = meets(told, "Hamish", number, roles, norms_reviewed=True)
    assert "LEADERSHIP_DOMINATED" not in warned(told, "Petra")


def test_where_the_facilitator_leads_the_group_hears_it_and_a_representative_answers():
    told = dominated("Ines", "Ines")
    (warning,) = [w for w in told.live.warnings.values() if w.code == "FACILITATOR_DEPENDENCY"]
    assert warning.person is None
    assert "FACILITATOR_DEPENDENCY" in warned(told, "Grace")
    note = {"warning": str(warning.id), "note": "We take turns from now on."}
    told.who("Ines").does("acknowledge-warning", note).refused("NOT_PERMITTED")
    told.who("Grace").does("acknowledge-warning", note).refused("NOT_PERMITTED")
    told = told.who("Petra").does("acknowledge-warning", note)
    assert told.live.warnings[warning.id].state == "acknowledged"


def test_a_member_who_brought_nothing_twice_hears_of_it_with_the_facilitator_only():
    told = launched()
    others = tuple(name for name in MEMBERS if name != "Tom")
    for number in (1, 2):
        told = meets(told, "Petra", number, brought=others, norms_reviewed=True)
    assert "PASSENGER_RISK" in warned(told, "Tom")
    assert "PASSENGER_RISK" in warned(told, "Ines")
    assert all("PASSENGER_RISK" not in warned(told, name) for name in others)
    told = meets(told, "Petra", 3, norms_reviewed=True)
    assert "PASSENGER_RISK" not in warned(told, "Tom")


def test_norms_that_nobody_looked_at_for_two_meetings_are_remarked():
    told = meets(meets(normed(launched()), number=1), number=2)
    told = told.then(warns=["NORMS_NOT_REVIEWED"])
    assert "NORMS_NOT_REVIEWED" not in warned(meets(told, number=3, norms_reviewed=True), "Grace")


def test_everybody_sees_their_own_part_and_a_facilitator_everybodys():
    told = meets(launched(), brought=("Tom",))
    (mine,) = told.view("participation", "Tom")["people"]
    assert (mine["attended"], mine["contributed"]) == (1, 1)
    assert len(told.view("participation", "Ines")["people"]) == 6
    (hers,) = told.view("participation", "Judith")["people"]
    assert hers["person"] == str(person("Judith"))


def test_what_others_brought_is_for_them_and_the_facilitators():
    told = meets(launched(), brought=("Tom",))
    for name, reads in (("Tom", True), ("Ines", True), ("Judith", False)):
        found = "contribution-recorded" in {f["kind"] for f in told.reads(name)}
        assert found is reads
