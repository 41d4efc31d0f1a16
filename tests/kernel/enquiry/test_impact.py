"""Claims of impact: cited, tested, triangulated, and reopened when their evidence goes."""

import pytest
from tests.kernel.enquiry.group import (
    SCHOOLS,
    agreed,
    answers,
    brings,
    claims,
    launched,
    measured,
    proposes,
    responds,
)
from tests.kernel.valley import BECK_ROAD

from enquiry.kernel.enquiry.impact.rules import CONDITIONS, NEXT_STEPS, RECOMMENDATION
from enquiry.testing import named

INTERVIEW = {"collection_method": "interview", "type": "pupil_feedback"}


def both():
    """Two pieces of evidence, gathered in two ways."""
    return brings(brings(launched()), called="interview", **INTERVIEW)


def shown(told):
    return told.view("claims", "Grace")["claims"][-1]


def unmet(told):
    state = told.live.state
    return [c.letter for c in CONDITIONS for _ in c.unmet(state, None)]


def test_a_claim_cites_evidence_that_stands():
    claims(launched(), "nothing").refused("VALIDATION_FAILED", pointer="/evidence/0")
    claims(both()).refused("VALIDATION_FAILED", pointer="/evidence")


def test_two_ways_of_collecting_triangulate_and_one_does_not():
    told = claims(both(), "evidence", "interview").then(warns=[])
    assert shown(told)["triangulated"]
    told = claims(both(), "evidence").then(warns=["SINGLE_PERSPECTIVE"])
    assert not shown(told)["triangulated"]


def test_two_groups_of_respondents_triangulate_as_well():
    told = brings(brings(launched()), called="peers", respondents="peers")
    claims(told, "evidence", "peers").then(warns=[])


def test_a_reading_beside_evidence_triangulates():
    told = measured(brings(launched()))
    claims(told, "evidence", "baseline").then(warns=[])


def test_without_an_effect_on_pupils_other_claims_are_remarked():
    told = claims(both(), "evidence", "interview", level="professional")
    told = told.then(warns=["IMPACT_WITHOUT_STUDENT_EVIDENCE"])
    told = claims(told, "evidence", "interview", called="students")
    told.then(resolves=["IMPACT_WITHOUT_STUDENT_EVIDENCE"])


def test_a_failed_test_is_remarked():
    told = claims(both(), "evidence", "interview")
    answers(told, reliability="no").then(warns=["TEST_FAILED"])
    answers(told, reliability="partly").then(warns=[])


def test_a_claim_is_stated_by_the_group_when_its_tests_are_answered():
    told = claims(both(), "evidence", "interview")
    told = proposes(told, "impact_statement", claims=[str(named("claim"))])
    told = told.refused("IMPACT_TESTS_UNANSWERED", details=({"claim": str(named("claim"))},))
    told = proposes(answers(told), "impact_statement", claims=[str(named("claim"))])
    told.then("decision-proposed")


def test_a_statement_is_about_claims_that_there_are():
    told = proposes(launched(), "impact_statement", claims=[str(named("nothing"))])
    told.refused("VALIDATION_FAILED", pointer="/claims/0")


def test_a_claim_is_superseded_and_never_deleted():
    told = claims(both(), "evidence").then(warns=["SINGLE_PERSPECTIVE"])
    told = claims(told, "evidence", "interview", called="better")
    form = {"claim": str(named("claim")), "by": str(named("better")), "reason": "More is known"}
    told = told.who("Petra").does("supersede-impact-claim", form)
    told = told.then("impact-claim-superseded", resolves=["SINGLE_PERSPECTIVE"])
    first, _ = told.view("claims", "Hamish")["claims"]
    assert (first["superseded"], first["superseded_by"]) == (True, str(named("better")))


def test_a_claim_that_rests_on_nothing_any_longer_reopens_the_gate():
    told = answers(claims(both(), "evidence", "interview"))
    told = proposes(told, "impact_statement", claims=[str(named("claim"))])
    for name in SCHOOLS:
        told = responds(told, name, "impact_statement")
    adopt = {"proposal": str(named("impact_statement"))}
    told = told.who("Ines").does("adopt-proposal", adopt)
    assert "b" not in unmet(told)
    for one in ("evidence", "interview"):
        told = told.who("Grace").does("retract-evidence", {"item": str(named(one))})
    assert not shown(told)["supported"]
    assert "b" in unmet(told)


def outcomes(told, name="Petra", school=BECK_ROAD, **changes):
    rows = [
        {"level": "student", "text": "More explain why"},
        {"level": "professional", "text": "We plan the talk"},
        {"level": "organisational", "no_evidence": "Too early"},
    ]
    form = {"school": str(school), "outcomes": rows, **changes}
    return told.who(name).does("record-outcomes", form)


def test_each_school_tells_its_outcomes_or_why_there_are_none():
    told = outcomes(launched()).then("outcomes-recorded")
    assert unmet(told).count("a") == 6
    outcomes(told, "Judith").refused("NOT_PERMITTED")


@pytest.mark.parametrize(
    ("row", "pointer"),
    [
        ({"level": "student"}, "/outcomes/0"),
        ({"level": "student", "text": "More", "no_evidence": "None"}, "/outcomes/0"),
    ],
)
def test_an_outcome_is_a_text_or_the_reason_why_there_is_none(row, pointer):
    told = outcomes(launched(), outcomes=[row])
    told.refused("VALIDATION_FAILED", pointer=pointer)


def test_the_third_gate_waits_for_what_the_group_is_to_decide():
    assert [letter for letter in unmet(launched()) if letter != "a"] == ["c", "d", "e", "f"]


def test_a_recommendation_counts_in_whatever_phase_it_was_adopted_and_next_steps_do_not():
    told = agreed(launched(), "recommendation", statement="Plan the talk first")
    told = agreed(told, "next_steps", steps=[{"text": "Read again in March"}])
    assert RECOMMENDATION.unmet(told.live.state, None) == ()
    assert NEXT_STEPS.unmet(told.live.state, None) == ({},)
