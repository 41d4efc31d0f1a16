"""What the passing of school days brings to light: raised once, resolved by what happens."""

from tests.kernel.enquiry.group import (
    CHOICE,
    TRIED,
    agreed,
    gathered,
    launched,
    prepared,
    proposes,
)

from enquiry.testing import named


def standing(told):
    """Codes and objects of the timed remarks that stand."""
    codes = {"STUCK_IN_IMPLEMENTATION", "PHASE_OVERDUE", "MOMENTUM_LOST"}
    found = told.settled().live.warnings.values()
    return sorted((w.code, w.about) for w in found if w.standing and w.code in codes)


def test_twenty_school_days_of_planning_only_are_remarked_on_the_day_after():
    told = launched()  # on Monday, 14 September
    assert standing(told.time_passes("2026-10-12 22:30")) == []
    told = told.time_passes("2026-10-13 08:00")
    assert ("STUCK_IN_IMPLEMENTATION", "quiet-0") in standing(told)


def test_it_is_remarked_again_every_ten_school_days_and_once_each():
    told = launched().time_passes("2026-10-13 08:00").time_passes("2026-10-14 08:00")
    raised = [w.code for w in told.settled().live.warnings.values()]
    assert raised.count("STUCK_IN_IMPLEMENTATION") == 1
    told = told.time_passes("2026-10-27 08:00")
    assert ("STUCK_IN_IMPLEMENTATION", "quiet-1") in standing(told)
    assert ("STUCK_IN_IMPLEMENTATION", "quiet-0") not in standing(told)


def test_planning_does_not_resolve_it_and_a_decision_does():
    told = launched().time_passes("2026-10-13 08:00")
    told = proposes(told, "recommendation", statement="Talk first")
    assert ("STUCK_IN_IMPLEMENTATION", "quiet-0") in standing(told)
    told = agreed(told, "method_choice", method_choice=CHOICE, experience=TRIED)
    assert standing(told) == []


def test_a_target_that_has_passed_is_remarked():
    target = {"phase": "implementation", "by": "2026-09-25"}
    told = launched().who("Ines").does("set-phase-target", target)
    assert standing(told.time_passes("2026-09-25 20:00")) == []
    told = told.time_passes("2026-09-26 08:00")
    assert standing(told) == [("STUCK_IN_IMPLEMENTATION", "target")]


def test_a_later_phase_that_takes_longer_than_its_target_is_overdue():
    told = prepared().who("Ines").does("advance-phase", {"to": "innovation"})
    target = {"phase": "innovation", "by": "2026-09-25"}
    told = told.does("set-phase-target", target).time_passes("2026-09-28 08:00")
    assert standing(told) == [("PHASE_OVERDUE", "innovation-1")]


def test_nothing_for_twenty_school_days_is_lost_momentum_until_somebody_acts():
    told = launched().time_passes("2026-10-13 08:00")
    assert ("MOMENTUM_LOST", "momentum") in standing(told)
    told = proposes(told, "recommendation", statement="Talk first")
    assert ("MOMENTUM_LOST", "momentum") not in standing(told)


def test_an_enquiry_that_rests_or_has_not_begun_is_not_hurried():
    assert standing(gathered().time_passes("2027-01-11 08:00")) == []
    told = launched().who("Ines").does("pause-enquiry").time_passes("2027-01-11 08:00")
    assert standing(told) == []


def test_a_first_gate_within_five_school_days_is_a_rushed_start():
    told = prepared().who("Ines").does("advance-phase", {"to": "innovation"})
    assert "RUSHED_START" in {w.code for w in told.settled().live.warnings.values()}
    slow = prepared().time_passes("2026-09-23 08:00").who("Ines")
    slow = slow.does("advance-phase", {"to": "innovation"})
    assert "RUSHED_START" not in {w.code for w in slow.settled().live.warnings.values()}
    assert named("focus") == slow.live.state.focused.focus


def stuck(told):
    return [about for code, about in standing(told) if code == "STUCK_IN_IMPLEMENTATION"]


def test_the_days_of_a_pause_are_not_counted():
    told = launched().time_passes("2026-09-21 08:00").who("Ines").does("pause-enquiry")
    told = told.time_passes("2026-10-19 08:00").who("Ines").does("resume-enquiry")
    assert stuck(told.time_passes("2026-11-09 08:00")) == []
    assert stuck(told.time_passes("2026-11-11 08:00")) == ["quiet-0"]


def test_whoever_comes_back_to_the_first_phase_counts_afresh():
    told = prepared().who("Ines").does("advance-phase", {"to": "innovation"})
    told = told.time_passes("2026-11-30 08:00").who("Ines")
    form = {"to": "implementation", "reason": "Our question was not the right one"}
    told = told.does("return-to-phase", form)
    assert stuck(told.time_passes("2026-12-01 08:00")) == []
    assert stuck(told.time_passes("2026-12-30 08:00")) == ["quiet-0"]
