"""A school that is in more than two enquiries at once is told so; the others are not."""

import msgspec
from tests.kernel.enquiry.group import gathered, launched, opened, reviewed
from tests.kernel.valley import ASHLOW, BECK_ROAD, CARRICK, HERE, VALLEY, around_runs, state

from enquiry.kernel.enquiry.method import ENQUIRY
from enquiry.method.compiled import Compiled
from enquiry.method.live import evolve
from enquiry.testing import Story, named

BUSY = {ASHLOW: (named("one"), named("two")), BECK_ROAD: (named("one"),)}
OVERLOAD = "INITIATIVE_OVERLOAD"


def beside(told: Story, engaged: object) -> Story:
    """The same story, where schools are also engaged in these enquiries."""
    settled = told.settled()
    here = settled.stream.others[HERE].but(engaged=engaged)
    return settled.but(stream=settled.stream.but(others={**settled.stream.others, HERE: here}))


def busy() -> Story:
    """Ashlow is in two enquiries, Beck Road in one, before this one is launched."""
    return beside(gathered(), BUSY)


def engaged(told: Story) -> dict[object, tuple[object, ...]]:
    return told.settled().stream.others[HERE].engaged


def schools(told: Story) -> list[object]:
    """Schools of the remarks that stand."""
    standing = told.settled().live.standing.values()
    return [one.school for one in standing if one.code == OVERLOAD]


def test_the_third_enquiry_at_once_is_remarked_to_that_school_alone():
    told = busy().who("Ines").does("launch-enquiry").then(warns=[OVERLOAD])
    assert schools(told) == [ASHLOW]
    seen = {name: OVERLOAD in told.warned(name) for name in ("Judith", "Grace", "Ines")}
    assert seen == {"Judith": True, "Grace": True, "Ines": True}
    assert not any(OVERLOAD in told.warned(name) for name in ("Petra", "Tom", "Hamish"))


def test_two_enquiries_at_once_are_not_remarked():
    told = beside(gathered(), {ASHLOW: (named("one"),)}).who("Ines").does("launch-enquiry")
    assert schools(told) == []


def test_before_the_launch_an_enquiry_counts_for_nothing():
    assert schools(busy().time_passes("2026-09-15 08:00")) == []
    assert engaged(gathered()) == {}


def test_a_launched_enquiry_engages_its_schools_and_one_that_joins_later():
    told = launched()
    stream = told.stream.world.stream
    assert engaged(told) == dict.fromkeys((ASHLOW, BECK_ROAD, CARRICK), (stream,))
    alone = opened().settled()
    few = alone.stream.live.state.but(schools=(ASHLOW,))
    live = msgspec.structs.replace(alone.stream.live, state=few)
    told = alone.but(stream=alone.stream.but(live=live)).who("Ines").does("launch-enquiry")
    assert set(engaged(told)) == {ASHLOW}
    told = told.does("add-school", {"school": str(CARRICK)})
    assert set(engaged(told)) == {ASHLOW, CARRICK}


def test_when_another_enquiry_is_over_the_remark_is_resolved_with_the_time():
    told = busy().who("Ines").does("launch-enquiry")
    fewer = {school: held[-1:] for school, held in engaged(told).items()}
    told = beside(told, fewer).time_passes("2026-09-15 08:00").then(resolves=[OVERLOAD])
    assert schools(told) == []


def test_when_another_enquiry_begins_it_is_remarked_with_the_time():
    told = launched()
    stream = told.stream.world.stream
    more = {ASHLOW: (stream, named("one"), named("two"))}
    told = beside(told, more).time_passes("2026-09-15 08:00").then(warns=[OVERLOAD])
    assert schools(told) == [ASHLOW]


def test_a_pause_engages_nobody_and_takes_the_remark_back():
    told = busy().who("Ines").does("launch-enquiry").does("pause-enquiry")
    told = told.then(resolves=[OVERLOAD])
    assert engaged(told) == BUSY
    told = told.who("Ines").does("resume-enquiry").then(warns=[OVERLOAD])
    assert len(engaged(told)[ASHLOW]) == 3


def test_an_end_engages_nobody_any_longer():
    told = busy().who("Ines").does("launch-enquiry")
    told = told.does("abandon-enquiry", {"reason": "The question has answered itself"})
    assert engaged(told) == BUSY


def test_one_representative_alone_changes_nothing():
    told = busy().who("Ines").does("launch-enquiry").who("Judith").does("pause-enquiry")
    assert len(engaged(told)[ASHLOW]) == 3
    told = told.who("Petra").does("pause-enquiry")
    assert engaged(told) == BUSY


def test_it_is_acknowledged_with_a_note_and_stays_seen():
    told = busy().who("Ines").does("launch-enquiry")
    told = told.settled()
    (remark,) = [one for one in told.live.standing.values() if one.code == OVERLOAD]
    note = {"warning": str(remark.id), "note": "The walk and this are one and the same work."}
    told = told.does("acknowledge-warning", note)
    assert told.live.warnings[remark.id].state == "acknowledged"
    assert OVERLOAD in told.warned("Judith")


def test_the_same_remarks_stand_after_replay():
    told = reviewed(busy().who("Ines").does("launch-enquiry")).settled()
    compiled = Compiled(ENQUIRY)
    live = compiled.blank(told.stream.live.stream, told.stream.live.alliance)
    for event in told.stream.events:
        live = evolve(compiled.facts, live, event)
    assert live.warnings == told.live.warnings
    assert [one.code for one in live.standing.values()].count(OVERLOAD) == 1


def test_the_alliance_starts_with_nobody_engaged():
    assert state(VALLEY).engaged == {}
    assert around_runs().streams[HERE].engaged == {}
