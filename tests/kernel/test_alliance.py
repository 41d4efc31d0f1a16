"""The alliance: who may say what about schools and people, and who may know it."""

import pytest
from tests.kernel.valley import (
    ASHLOW,
    BECK_ROAD,
    VALLEY,
    YEAR,
    founded,
    joins,
    manages,
    state,
    who,
)

from enquiry.kernel.alliance.state import Capacity, Standing
from enquiry.method.rules import Reject
from enquiry.testing import named, person


def kinds(told, name):
    """Kinds of the facts that somebody reads, each once."""
    return {fact["kind"] for fact in told.reads(name) if fact["kind"] != "opened"}


# Founding, and stewards


def test_only_an_operator_founds_an_alliance():
    told = founded().then("alliance-created", "person-added", "steward-named")
    assert state(told).stewards == (person("Nasreen"),)


def test_whoever_operates_the_platform_reads_nothing_of_the_alliance_but_what_they_wrote():
    assert kinds(VALLEY, "Olga") == {"alliance-created", "person-added", "steward-named"}
    with pytest.raises(Reject):
        VALLEY.view("directory", "Olga")


def test_a_steward_names_another_once():
    told = VALLEY.who("Nasreen").does("name-steward", {"person": who("Tom")}).then("steward-named")
    told = told.does("name-steward", {"person": who("Tom")}).then("steward-named")
    assert state(told).stewards == (person("Nasreen"), person("Tom"))


def test_nobody_else_names_a_steward():
    told = VALLEY.who("Judith").does("name-steward", {"person": who("Judith")})
    told.refused("NOT_PERMITTED")


def test_a_steward_must_be_known():
    told = VALLEY.who("Nasreen").does("name-steward", {"person": who("Zed")})
    told.refused("NOT_FOUND")


def test_the_last_steward_cannot_retire():
    told = VALLEY.who("Nasreen").does("retire-steward", {"person": who("Nasreen")})
    told.refused("VALIDATION_FAILED", pointer="/person")


def test_a_steward_who_retired_may_no_more_and_reads_no_line_management():
    told = manages(VALLEY, "Tom", "Petra").does("name-steward", {"person": who("Judith")})
    assert "line-management-recorded" in kinds(told, "Judith")
    told = told.does("retire-steward", {"person": who("Judith")}).then("steward-retired")
    told.who("Judith").does("add-school", {"name": "X", "zone": "UTC"}).refused("NOT_PERMITTED")
    assert "line-management-recorded" not in kinds(told, "Judith")


def test_nobody_retires_who_is_no_steward():
    VALLEY.who("Nasreen").does("retire-steward", {"person": who("Tom")}).refused("NOT_FOUND")


def test_a_stranger_finds_no_alliance():
    VALLEY.who("Zed").does("add-person", {"name": "Zed"}).refused("NOT_FOUND")


# People


@pytest.mark.parametrize("name", ["Nasreen", "Judith"])
def test_a_steward_or_a_leader_adds_people(name):
    told = VALLEY.who(name).does("add-person", {"name": "Nia"}, called="Nia").then("person-added")
    assert named("Nia") in state(told).people


@pytest.mark.parametrize("name", ["Petra", "Amina", "Pip", "Rosa", "Ines"])
def test_nobody_else_adds_people(name):
    VALLEY.who(name).does("add-person", {"name": "Nia"}).refused("NOT_PERMITTED")


def test_everybody_corrects_their_own_name_and_keeps_what_they_are():
    told = VALLEY.who("Petra").does("add-person", {"name": "Petra N.", "person": who("Petra")})
    after = state(told.then("person-added")).people[person("Petra")]
    assert after.memberships == state(VALLEY).people[person("Petra")].memberships
    assert after.name != state(VALLEY).people[person("Petra")].name


def test_nobody_renames_a_colleague():
    told = VALLEY.who("Petra").does("add-person", {"name": "Kelly", "person": who("Kelly")})
    told.refused("NOT_PERMITTED")


@pytest.mark.parametrize("other", ["Hamish", "Nasreen"])
def test_a_leader_renames_nobody_of_another_school_and_no_steward(other):
    told = VALLEY.who("Judith").does("add-person", {"name": other, "person": who(other)})
    told.refused("NOT_PERMITTED")


def test_a_leader_corrects_a_name_at_their_school():
    told = VALLEY.who("Tom").does("add-person", {"name": "Kelly R.", "person": who("Kelly")})
    told.then("person-added")


@pytest.mark.parametrize("name", ["", " ", "x" * 201])
def test_a_name_is_neither_blank_nor_endless(name):
    told = VALLEY.who("Nasreen").does("add-person", {"name": name})
    told.refused("VALIDATION_FAILED", pointer="/name")


# Schools, rooms, classes, calendars


def test_a_school_has_a_zone_of_the_iana_database():
    told = VALLEY.who("Nasreen").does("add-school", {"name": "Dunmere", "zone": "Europe/Dunmere"})
    told.refused("VALIDATION_FAILED", pointer="/zone")


def test_a_leader_adds_no_school():
    told = VALLEY.who("Judith").does("add-school", {"name": "Dunmere", "zone": "UTC"})
    told.refused("NOT_PERMITTED")


def test_a_room_is_registered_under_the_id_of_its_fact():
    form = {"school": str(BECK_ROAD), "code": "B4"}
    told = VALLEY.who("Tom").does("register-room", form, called="B4").then("room-registered")
    assert state(told).rooms[named("B4")].school == BECK_ROAD


def test_two_rooms_of_a_school_have_two_names():
    told = VALLEY.who("Tom").does("register-room", {"school": str(BECK_ROAD), "code": "B4"})
    told = told.does("register-room", {"school": str(BECK_ROAD), "code": " b4 "})
    told = told.refused("VALIDATION_FAILED", pointer="/code")
    elsewhere = {"school": str(ASHLOW), "code": "B4"}
    told.who("Judith").does("register-room", elsewhere).then("room-registered")


def test_class_codes_are_replaced_as_a_whole():
    told = VALLEY.who("Tom").does(
        "register-classes", {"school": str(BECK_ROAD), "codes": ["3R", "5M"]}
    )
    told = told.does("register-classes", {"school": str(BECK_ROAD), "codes": ["3S"]})
    assert state(told).schools[BECK_ROAD].classes == ("3S",)


def test_a_policy_is_replaced_as_a_whole_and_has_limits():
    form = {"school": str(ASHLOW), "policy": {"observation_budget": 1}}
    told = VALLEY.who("Judith").does("set-policy", form)
    told = told.does("set-policy", {"school": str(ASHLOW), "policy": {"budget_is_hard": True}})
    policy = state(told).schools[ASHLOW].policy
    assert (policy.observation_budget, policy.budget_is_hard) == (3, True)
    too_many = {"school": str(ASHLOW), "policy": {"observation_budget": 101}}
    told.does("set-policy", too_many).refused(
        "VALIDATION_FAILED", pointer="/policy/observation_budget"
    )


FOR_A_SCHOOL = {
    "grant-membership": {
        "person": who("Zed"),
        "standings": ["teacher"],
        "since": "2026-09-01",
    },
    "end-membership": {"person": who("Petra"), "until": "2027-01-01"},
    "name-capacity": {"capacity": "cpd_lead", "people": []},
    "register-room": {"code": "B4"},
    "register-classes": {"codes": []},
    "set-academic-year": YEAR,
    "set-school-week": {"weekdays": [1, 2, 3, 4]},
    "set-policy": {"policy": {}},
}


@pytest.mark.parametrize("kind", FOR_A_SCHOOL)
@pytest.mark.parametrize("name", ["Judith", "Petra", "Amina", "Pip"])
def test_for_a_school_only_its_own_leaders_act(kind, name):
    known = VALLEY.who("Nasreen").does("add-person", {"name": "Zed", "person": who("Zed")})
    form = {"school": str(BECK_ROAD), **FOR_A_SCHOOL[kind]}
    known.who(name).does(kind, form).refused("NOT_PERMITTED")
    known.who("Tom").does(kind, form).then()


@pytest.mark.parametrize("kind", FOR_A_SCHOOL)
def test_a_school_must_be_known(kind):
    form = {"school": who("Petra"), **FOR_A_SCHOOL[kind], "person": who("Petra")}
    form = form if "person" in FOR_A_SCHOOL[kind] else {**form, "person": None}
    VALLEY.who("Nasreen").does(kind, {k: v for k, v in form.items() if v}).refused("NOT_FOUND")


def test_what_a_leader_cannot_do_is_not_offered_to_a_teacher():
    assert VALLEY.may("Tom")["set-policy"].allowed
    assert VALLEY.may("Petra")["set-policy"].code == "NOT_PERMITTED"


# Memberships


def test_a_membership_ends_after_it_began():
    grant = {"person": who("Petra"), "school": str(BECK_ROAD), "standings": ["teacher"]}
    told = VALLEY.who("Tom").does(
        "grant-membership", {**grant, "since": "2026-09-01", "until": "2026-09-01"}
    )
    told.refused("VALIDATION_FAILED", pointer="/until")


def test_a_membership_replaces_the_one_before_at_the_same_school_in_its_place():
    told = joins(VALLEY, "Petra", ASHLOW, "teacher")
    told = joins(told, "Petra", BECK_ROAD, "leader", since="2026-09-02")
    held = state(told).people[person("Petra")].memberships
    assert [(m.school, m.standings) for m in held] == [
        (BECK_ROAD, (Standing.LEADER,)),
        (ASHLOW, (Standing.TEACHER,)),
    ]


def test_nobody_ends_a_membership_that_is_not_there():
    form = {"person": who("Petra"), "school": str(ASHLOW), "until": "2026-10-01"}
    VALLEY.who("Nasreen").does("end-membership", form).refused("NOT_FOUND")


def test_a_membership_that_ended_keeps_since_when_it_held():
    form = {"person": who("Petra"), "school": str(BECK_ROAD), "until": "2026-10-01"}
    told = VALLEY.who("Tom").does("end-membership", form).then("membership-ended")
    (held,) = state(told).people[person("Petra")].memberships
    assert (str(held.since), str(held.until)) == ("2026-09-01", "2026-10-01")


def test_whoever_has_left_finds_no_alliance():
    form = {"person": who("Tom"), "school": str(BECK_ROAD), "until": "2026-10-01"}
    told = VALLEY.who("Nasreen").does("end-membership", form)
    room = {"school": str(BECK_ROAD), "code": "B4"}
    last = told.who("Tom").does("register-room", room).at("2026-09-30 22:59")
    told = last.then("room-registered")
    # Midnight at the school is eleven in the evening, UTC.
    told.does("register-room", {**room, "code": "B5"}).at("2026-09-30 23:00").refused("NOT_FOUND")


def test_a_capacity_replaces_who_had_it_and_names_nobody_unknown():
    form = {"school": str(BECK_ROAD), "capacity": "cpd_lead", "people": [who("Tom")]}
    told = VALLEY.who("Tom").does("name-capacity", form).then("capacity-named")
    told = told.does("name-capacity", {**form, "people": [who("Petra")]})
    named_ = state(told).schools[BECK_ROAD].capacities[Capacity.CPD_LEAD]
    assert named_ == (person("Petra"),)
    told.does("name-capacity", {**form, "people": [who("Zed")]}).refused(
        "VALIDATION_FAILED", pointer="/people"
    )


# Line management and training


def test_line_management_is_recorded_by_stewards_alone():
    form = {"manager": who("Tom"), "managed": [who("Petra")]}
    VALLEY.who("Tom").does("record-line-management", form).refused("NOT_PERMITTED")
    told = VALLEY.who("Nasreen").does("record-line-management", form)
    assert state(told.then("line-management-recorded")).manager_of(person("Tom"), person("Petra"))


def test_line_management_is_replaced_as_a_whole():
    told = manages(manages(VALLEY, "Tom", "Petra"), "Tom", "Kelly")
    assert not state(told).manager_of(person("Tom"), person("Petra"))


@pytest.mark.parametrize(
    ("manager", "managed", "pointer"),
    [("Zed", ["Petra"], "/manager"), ("Tom", ["Zed"], "/managed"), ("Tom", ["Tom"], "/managed")],
)
def test_line_management_is_between_two_people_who_are_known(manager, managed, pointer):
    manages(VALLEY, manager, *managed).refused("VALIDATION_FAILED", pointer=pointer)


@pytest.mark.parametrize("name", ["Tom", "Petra", "Judith", "Amina", "Pip", "Olga"])
def test_line_management_is_shown_to_no_one_but_stewards(name):
    told = manages(VALLEY, "Tom", "Petra", "Kelly")
    assert "line-management-recorded" not in kinds(told, name)
    assert "line-management-recorded" in kinds(told, "Nasreen")


def test_the_directory_says_nothing_of_line_management():
    before, after = VALLEY, manages(VALLEY, "Tom", "Petra", "Kelly")
    for name in ("Tom", "Petra", "Nasreen"):
        assert before.view("directory", name) == after.view("directory", name)


TRAINING = {"person": who("Pip"), "content": "How to watch and listen", "on": "2026-09-04"}


@pytest.mark.parametrize("name", ["Petra", "Declan", "Tom", "Nasreen"])
def test_staff_of_a_pupils_school_record_their_training(name):
    told = VALLEY.who(name).does("record-pupil-training", TRAINING).then("pupil-training-recorded")
    assert state(told).people[person("Pip")].trained


@pytest.mark.parametrize("name", ["Judith", "Amina", "Rosa", "Pip", "Ines"])
def test_nobody_else_records_it(name):
    VALLEY.who(name).does("record-pupil-training", TRAINING).refused("NOT_PERMITTED")


def test_only_pupils_are_trained():
    told = VALLEY.who("Tom").does("record-pupil-training", {**TRAINING, "person": who("Kelly")})
    told.refused("VALIDATION_FAILED", pointer="/person")


def test_a_training_to_come_is_none():
    told = VALLEY.who("Petra").does("record-pupil-training", {**TRAINING, "on": "2026-09-08"})
    told.refused("VALIDATION_FAILED", pointer="/on")


def test_a_pupils_training_is_read_by_stewards_and_whoever_recorded_it():
    told = VALLEY.who("Petra").does("record-pupil-training", TRAINING)
    readers = {name for name in VALLEY.stream.world.people if "Zed" not in name}
    found = {n for n in readers if "pupil-training-recorded" in kinds(told, n)}
    assert found == {"Petra", "Nasreen"}


# What members see


def test_every_member_sees_who_belongs_where():
    shown = VALLEY.view("directory", "Hamish")
    beck_road = next(s for s in shown["schools"] if s["school"] == str(BECK_ROAD))
    assert {m["name"] for m in beck_road["members"]} >= {"Tom", "Petra", "Amina"}
    assert [m["name"] for m in shown["unattached"]] == ["Nasreen"]


def test_a_governor_who_is_a_pupil_counts_as_a_pupil_and_a_trainee_does_not():
    here, day = state(VALLEY), VALLEY.now.date()
    assert here.is_pupil(person("Pip"), day)
    for also, pupil in (("governor", True), ("trainee", False)):
        told = joins(VALLEY, "Pip", ASHLOW, also)
        assert state(told).is_pupil(person("Pip"), day) is pupil
