"""Trials, accounts and syntheses, and what they must bring before the impact is judged."""

import pytest
from tests.kernel.enquiry.group import (
    STRATEGY,
    SYNTHESIS,
    accounts,
    agreed,
    brings,
    completes,
    cycled,
    prepared,
    reads,
    reports,
    tries,
    trying,
)
from tests.kernel.valley import ASHLOW, BECK_ROAD, who

from enquiry.kernel.enquiry.gates import G2
from enquiry.kernel.enquiry.phases.forms import AdvancePhase
from enquiry.kernel.enquiry.trials.rules import once_through
from enquiry.testing import named, person


def raised(told):
    """Codes of the warnings that stand."""
    return {w.code for w in told.live.warnings.values() if w.standing}


def advances(told):
    return told.who("Ines").does("advance-phase", {"to": "impact"})


def test_a_school_tries_what_was_adopted_in_its_present_version():
    told = trying()
    (first, *others) = told.live.state.trials.trials.values()
    assert (first.version, first.cycle, first.status) == (1, 1, "planned")
    assert len(others) == 2


def test_a_school_is_spoken_for_by_its_own_people():
    told = prepared().who("Ines").does("advance-phase", {"to": "innovation"}).who("Petra")
    form = {"strategy": str(named("strategy")), "school": str(ASHLOW), "begins": "2026-11-03"}
    told = told.does("start-trial", form).refused("NOT_PERMITTED")
    told = told.does("start-trial", {**form, "school": str(BECK_ROAD)}).then("trial-started")
    other = {**form, "school": str(BECK_ROAD), "strategy": str(named("nothing"))}
    told.does("start-trial", other).refused("NOT_FOUND")


def test_nothing_is_tried_before_the_first_gate():
    told = prepared().who("Petra")
    form = {"strategy": str(named("strategy")), "school": str(BECK_ROAD), "begins": "2026-11-03"}
    told.does("start-trial", form).refused("WRONG_STAGE")


def test_a_school_that_did_not_deploy_says_why():
    told = trying().who("Hamish")
    form = {"trial": str(named("trial Hamish 1")), "status": "not_deployed"}
    told = told.does("report-trial-status", form)
    told.refused("VALIDATION_FAILED", pointer="/reason")


def test_a_draft_is_its_authors_alone_and_an_account_is_the_groups():
    told = trying().who("Petra")
    form = {
        "trial": str(named("trial Petra 1")),
        "what_i_did": "We rehearsed",
        "what_i_experienced": "They asked why",
    }
    told = told.does("draft-account", form).then("account-drafted")
    assert "account-drafted" in {f["kind"] for f in told.reads("Petra")}
    assert "account-drafted" not in {f["kind"] for f in told.reads("Ines")}
    told = told.who("Petra").does("submit-account", form).then("account-submitted")
    assert "account-submitted" in {f["kind"] for f in told.reads("Hamish")}


def test_an_account_is_withdrawn_by_its_author_until_the_synthesis_is_closed():
    told = trying()
    for name in ("Judith", "Petra", "Hamish"):
        told = accounts(reports(told, name), name)
    form = {"account": str(named("account Petra 1"))}
    told.who("Judith").does("withdraw-account", form).refused("NOT_FOUND")
    gone = told.who("Petra").does("withdraw-account", form).then("account-withdrawn")
    read = [f for f in gone.reads("Judith") if f["kind"] == "account-submitted"]
    assert len(read) == 2
    told = reads(told).then("synthesis-closed")
    told.who("Petra").does("withdraw-account", form).refused("RECORD_CLOSED")


@pytest.mark.parametrize(
    "form",
    [
        {"themes": ["Talk"]},
        {"patterns": ["More"], "prompts": SYNTHESIS["prompts"]},
        {"decision": "retrial_refined"},
    ],
)
def test_the_steps_of_a_synthesis_follow_each_other(form):
    told = trying().who("Grace").does("record-synthesis", {"trial_cycle": 1, **form})
    told.refused("VALIDATION_FAILED")


def test_a_synthesis_may_be_recorded_step_by_step():
    told = trying().who("Grace").does("record-synthesis", {"trial_cycle": 1, "patterns": ["More"]})
    told = told.does("record-synthesis", {"trial_cycle": 1, "strengths": ["Talk"]})
    told.then("synthesis-recorded")


def test_a_school_that_deployed_without_an_account_holds_up_the_synthesis():
    told = accounts(reports(reports(trying(), "Judith"), "Petra"), "Petra")
    told = told.who("Grace").does("close-synthesis", {"trial_cycle": 1})
    missing = {"school": str(ASHLOW), "trial": str(named("trial Judith 1"))}
    told = told.refused("ACCOUNTS_MISSING", details=(missing,))
    told = accounts(told, "Judith").who("Grace").does("close-synthesis", {"trial_cycle": 1})
    told.refused("SYNTHESIS_UNDECIDED")


def test_a_trial_cycle_is_over_when_its_synthesis_is_closed():
    told = completes(trying()).refused("WRONG_STAGE")
    told.who("Ines").does("complete-trial-cycle", {"trial_cycle": 2}).refused("NOT_FOUND")


def test_a_cycle_with_accounts_only_is_subjective_and_without_data():
    told = cycled()
    assert raised(told) >= {"NO_INTERIM_DATA", "SUBJECTIVE_ONLY"}
    assert "NOT_DEPLOYED_BY_ALL" not in raised(told)


def test_a_school_that_did_not_deploy_is_told_by_status_and_nobody_by_name():
    told = reports(trying(), "Hamish", "not_deployed")
    for name in ("Judith", "Petra"):
        told = accounts(reports(told, name), name)
    told = completes(reads(told))
    (warning,) = [w for w in told.live.warnings.values() if w.code == "NOT_DEPLOYED_BY_ALL"]
    assert (warning.person, dict(warning.params)) == (None, {})


def test_what_implementing_teachers_bring_is_data_but_subjective():
    told = brings(
        cycled(),
        respondents="implementing_teachers",
        level="professional",
        type="professional_log",
        collection_method="learning_log",
    )
    told.then(resolves=["NO_INTERIM_DATA"])
    assert "SUBJECTIVE_ONLY" in raised(told)
    brings(told, called="pupils").then(resolves=["SUBJECTIVE_ONLY"])


def test_a_reading_is_data_that_is_nobodys_opinion():
    form = {"measure": str(named("measure")), "on": "2027-02-04", "value": 49}
    told = tries(cycled(), 2).who("Grace").does("record-reading", form)
    told.then(resolves=["NO_INTERIM_DATA", "SUBJECTIVE_ONLY"])


def test_a_member_without_an_account_hears_of_it_alone():
    told = cycled()
    gaps = {w.person for w in told.live.warnings.values() if w.code == "ACCOUNT_GAP"}
    assert gaps == {person("Grace"), person("Tom")}
    assert "ACCOUNT_GAP" in told.warned("Grace")
    assert "ACCOUNT_GAP" in told.warned("Ines")
    assert "ACCOUNT_GAP" not in told.warned("Petra")


def test_the_second_gate_waits_for_a_synthesis_that_is_ready_and_for_data():
    told = cycled()
    found = [item["condition"] for item in G2.details(told.live.state, _Around(told))]
    assert "b" in found
    assert found[-2:] == [
        "WARNING_UNACKNOWLEDGED:NO_INTERIM_DATA",
        "WARNING_UNACKNOWLEDGED:SUBJECTIVE_ONLY",
    ]
    advances(told).refused("GATE_NOT_MET")


class _Around:
    def __init__(self, told):
        self.raised = told.live.warnings


def test_a_refined_second_cycle_with_data_opens_the_second_gate():
    refine = {"strategy": str(named("strategy")), "change": "Partners first"}
    told = tries(cycled().who("Petra").does("refine-strategy", refine), 2)
    assert told.live.state.trials.trials[named("trial Petra 2")].version == 2
    told = cycled(brings(told), "ready_for_impact", 2)
    assert not {"NO_INTERIM_DATA", "SUBJECTIVE_ONLY"} & raised(told)


def test_one_cycle_without_refinement_is_remarked_when_the_gate_is_passed():
    told = cycled(outlook="ready_for_impact")
    entry = AdvancePhase(to="impact")
    codes = [w.code for w in once_through(told.live.state, entry, None)]
    assert codes == ["SINGLE_TRIAL_CYCLE", "NO_REFINEMENT"]


def once_told(told):
    told = cycled(told, "ready_for_impact")
    return [w.code for w in once_through(told.live.state, AdvancePhase(to="impact"), None)]


def second_strategy(told):
    return agreed(told, "strategy", called="second", strategy=STRATEGY)


def test_two_strategies_from_the_start_are_no_refinement():
    assert once_told(trying(second_strategy(prepared()))) == ["SINGLE_TRIAL_CYCLE", "NO_REFINEMENT"]


def test_a_strategy_that_came_when_others_were_tried_is_one():
    assert once_told(second_strategy(trying())) == ["SINGLE_TRIAL_CYCLE"]


def test_while_a_meeting_is_open_its_recorder_records_what_the_group_reads():
    meeting = {"on": "2026-11-10", "chair": who("Petra"), "recorder": who("Tom")}
    told = trying().who("Grace").does("open-meeting", {**meeting, "attendance": [who("Hamish")]})
    for name in ("Judith", "Petra", "Hamish"):
        told = accounts(reports(told, name), name)
    form = {"trial_cycle": 1, **SYNTHESIS, "decision": "retrial_refined"}
    told = told.who("Grace").does("record-synthesis", form).refused("NOT_PERMITTED")
    told = told.who("Tom").does("record-synthesis", form).then("synthesis-recorded")
    told = told.who("Grace").does("close-synthesis", {"trial_cycle": 1}).refused("NOT_PERMITTED")
    told.who("Tom").does("close-synthesis", {"trial_cycle": 1}).then("synthesis-closed")


def test_what_contradicts_is_sought_in_themes_strengths_or_weaknesses():
    form = {"trial_cycle": 1, "patterns": ["More pupils say why"]}
    against = [{"text": "Talk is better than writing"}]
    told = trying().who("Grace").does("record-synthesis", {**form, "contradictions": against})
    told = told.refused("VALIDATION_FAILED", pointer="/contradictions")
    full = {**form, "themes": ["Talk first"], "contradictions": against}
    told.who("Grace").does("record-synthesis", full).then("synthesis-recorded")


def test_a_trial_does_not_end_before_it_begins():
    form = {"strategy": str(named("strategy")), "school": str(BECK_ROAD), "begins": "2026-11-03"}
    told = trying().who("Petra").does("start-trial", {**form, "until": "2026-11-02"})
    told = told.refused("VALIDATION_FAILED", pointer="/until")
    told.who("Petra").does("start-trial", {**form, "until": "2026-11-03"}).then("trial-started")
