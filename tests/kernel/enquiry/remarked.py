"""What brings about each remark of an enquiry, what takes it back, and who reads it."""

from collections.abc import Callable
from typing import Any

from msgspec import Struct
from tests.kernel.enquiry.group import (
    CHOICE,
    FOCUS,
    MEASURE,
    SCHOOLS,
    STRATEGY,
    TRIED,
    agreed,
    answers,
    brings,
    claims,
    concluded,
    cycled,
    launched,
    measured,
    normed,
    prepared,
    proposes,
    questioned,
    reads,
    reports,
    rows,
    trying,
    with_tests,
)
from tests.kernel.enquiry.group import accounts as tells
from tests.kernel.enquiry.group import completes as finishes
from tests.kernel.enquiry.test_guide import fills
from tests.kernel.enquiry.test_impact import INTERVIEW
from tests.kernel.enquiry.test_load import beside, busy, engaged
from tests.kernel.enquiry.test_meetings import dominated, meets
from tests.kernel.enquiry.test_progress import asks, responds
from tests.kernel.enquiry.test_strategies import achieves
from tests.kernel.valley import ASHLOW, CARRICK

from enquiry.kernel.enquiry.guide.questions import QUESTIONS, Dimension
from enquiry.kernel.enquiry.phases.state import Phase
from enquiry.testing import Story, named

LATER = "2026-10-13 08:00"
ROLES = (("Tom", "Judith", "Hamish"), ("Hamish", "Grace", "Tom"), ("Judith", "Tom", "Grace"))


class Remark(Struct, frozen=True):
    """One remark, as stories."""

    raised: Callable[[], Story]
    resolved: Callable[[Story], Story] | None = None
    """``None``: it is said when a step is taken, and no fact can unsay that."""
    seen: str = "Grace Ines"
    unseen: str = "Kelly"
    gate: str = ""
    """Gates that it blocks."""


def advances(told: Story, to: str = "innovation") -> Story:
    return told.who("Ines").does("advance-phase", {"to": to})


def chosen(told: Story, experience: Any = TRIED, called: str = "other", **changes: Any) -> Story:
    choice = {**CHOICE, **changes}
    kind = "method_choice"
    return agreed(told, kind, called=called, method_choice=choice, experience=experience)


def cycle_ends(told: Story) -> Story:
    return told.who("Ines").does("close-cycle")


def afresh(told: Story) -> Story:
    """Another cycle, to which nothing is carried over."""
    return cycle_ends(told).does("start-next-cycle", {"entry_phase": "implementation"})


def second(**changes: Any) -> Story:
    """Another measure, when everything before the last gate is done."""
    form = {**MEASURE, **changes}
    return concluded().who("Grace").does("define-measure", form, called="second")


def of_second(told: Story, kind: str, **form: Any) -> Story:
    return told.who("Grace").does(kind, {"measure": str(named("second")), **form})


def reasoned(told: Story) -> Story:
    form = {"choice": str(named("other")), "reason": "Many rooms in a morning"}
    return told.who("Petra").does("amend-method-reason", form)


def targeted(told: Story, by: str) -> Story:
    return told.who("Ines").does("set-phase-target", {"phase": "innovation", "by": by})


def sharper(told: Story) -> Story:
    return agreed(told, "focus", called="sharper", focus=FOCUS)


def four_strategies() -> Story:
    told = trying()
    for number in range(3):
        called = f"strategy {number}"
        told = agreed(told, "strategy", called=called, strategy=STRATEGY)
        form = {"strategy": str(named(called)), "school": str(ASHLOW), "begins": "2026-11-03"}
        told = told.who("Judith").does("start-trial", form)
    return told


def no_baseline() -> Story:
    told = prepared().who("Grace")
    return advances(told.does("define-measure", MEASURE, called="second"))


def meetings(told: Story, *brought: tuple[str, ...], **closing: Any) -> Story:
    for number, names in enumerate(brought, start=1):
        told = meets(told, ROLES[number % 3][0], number, ROLES[number % 3], names, **closing)
    return told


def shared_lead(told: Story) -> Story:
    for number in range(4, 8):
        lead = ROLES[number % 3]
        told = meets(told, lead[1], number, lead, norms_reviewed=True)
    return told


def not_by_all() -> Story:
    told = reports(trying(), "Hamish", "not_deployed")
    for name in ("Judith", "Petra"):
        told = tells(reports(told, name), name)
    return finishes(reads(told))


def gaps_filled(told: Story) -> Story:
    for name, trial in (("Grace", "Judith"), ("Tom", "Petra")):
        form = {"trial": str(named(f"trial {trial} 1")), "what_i_did": "We spoke"}
        told = told.who(name).does("submit-account", {**form, "what_i_experienced": "They asked"})
    return told


def once() -> Story:
    """One trial cycle, and the second gate is passed."""
    told = brings(cycled(outlook="ready_for_impact"))
    told = rows(told, "Petra", "innovation", school_feedback="Works with partners")
    told = agreed(told, "next_steps", called="steps", steps=[{"text": "Read again in March"}])
    return advances(told, "impact")


def one_view() -> Story:
    return claims(brings(launched()), "evidence")


def superseded(told: Story) -> Story:
    form = {"claim": str(named("claim")), "reason": "More is known"}
    return told.who("Petra").does("supersede-impact-claim", form)


def two_views(**changes: Any) -> Story:
    told = brings(brings(launched()), called="interview", **INTERVIEW)
    return claims(told, "evidence", "interview", **changes)


def on_pupils(told: Story) -> Story:
    return claims(told, "evidence", "interview", called="pupils")


def in_plan(told: Story, choice: str) -> Story:
    return fills(told, "Ines", "drive", 1, in_staff_plan_and_school_plan=choice)


def overloaded() -> Story:
    return busy().who("Ines").does("launch-enquiry")


def relieved(told: Story) -> Story:
    fewer = {school: held[-1:] for school, held in engaged(told).items()}
    return beside(told, fewer).time_passes("2026-09-15 08:00")


def noted(told: Story) -> Story:
    """Every box of the aide-memoire has an answer, for every school."""
    for school in SCHOOLS.values():
        for dimension in Dimension:
            key = QUESTIONS[Phase.IMPLEMENTATION, dimension, 3][0].key
            told = fills(told, "Ines", dimension, 3, school, **{key: "We spoke of it"})
    return told


def adopted(told: Story) -> Story:
    for name in ("Grace", "Tom"):
        told = told.who(name).does("adopt-norms", {"version": 1})
    return told


def looked_back(told: Story) -> Story:
    """The group looks at how it worked, and at how it shared the lead."""
    of = {"development": "how_well_worked_together", "distributed_leadership": "takeaways"}
    for dimension, key in of.items():
        form = {"phase": "impact", "dimension": dimension, "school": str(CARRICK), "box": 1}
        answers_ = [{"key": key, "text": "Better than last year"}]
        told = told.who("Hamish").does("record-form-entry", {**form, "answers": answers_})
    return told


def fed_back(told: Story) -> Story:
    form = {"school": str(ASHLOW), "how": "We showed them the posters"}
    return told.who("Grace").does("record-pupil-feedback", form)


def talks(told: Story) -> Story:
    return proposes(told, "recommendation", statement="Talk first")


ALL = ("Judith", "Grace", "Petra", "Tom", "Hamish")
QUIET = ("Judith", "Grace", "Petra", "Hamish")
BASELINE = {"on": "2027-01-20", "value": 44}
READING = {"on": "2027-01-21", "value": 47, "population_changed": True}

REMARKS: dict[str, Remark] = {
    "STUCK_IN_IMPLEMENTATION": Remark(lambda: launched().time_passes(LATER), lambda t: chosen(t)),
    "PHASE_OVERDUE": Remark(
        lambda: targeted(advances(prepared()), "2026-09-25").time_passes("2026-09-28 08:00"),
        lambda told: targeted(told, "2027-06-01"),
    ),
    "MOMENTUM_LOST": Remark(lambda: launched().time_passes(LATER), talks),
    "RUSHED_START": Remark(lambda: advances(prepared())),
    "METHOD_WITHOUT_REASON": Remark(
        lambda: chosen(launched(), reason="Not sure"), reasoned, gate="G1"
    ),
    "METHOD_UNFAMILIAR": Remark(lambda: chosen(concluded(), ()), afresh),
    "METHOD_NOT_APPLIED_BY_ALL": Remark(
        lambda: chosen(concluded(), applies_to=[str(ASHLOW), str(CARRICK)]), afresh
    ),
    "METHOD_MEASURE_MISMATCH": Remark(
        lambda: second(aspect="interaction", collected_by=["questionnaire"]), afresh
    ),
    "COLLECTION_PLAN_INCOMPLETE": Remark(lambda: second(appropriate=None), afresh),
    "FOCUS_TOO_BROAD": Remark(
        lambda: agreed(launched(), "focus", focus={**FOCUS, "specific_enough": "no"}), sharper
    ),
    "TOO_MANY_FRONTS": Remark(four_strategies, lambda told: cycled(told)),
    "QUESTION_TEST_FAILED": Remark(
        lambda: questioned(launched(), specific="no"), lambda t: with_tests(t), gate="G1"
    ),
    "FORM_INCOMPLETE": Remark(
        lambda: advances(prepared()), noted, seen="Ines", unseen="Grace Judith"
    ),
    "BASELINE_MISSING": Remark(
        no_baseline, lambda t: of_second(t, "declare-baseline-unobtainable", reason="Too late")
    ),
    "BASELINE_AFTER_START": Remark(
        lambda: of_second(second(), "record-baseline", **BASELINE), afresh
    ),
    "POPULATION_CHANGED": Remark(lambda: of_second(second(), "record-reading", **READING), afresh),
    "NOT_LINKED_TO_SCHOOL_PLAN": Remark(
        lambda: in_plan(launched(), "no"),
        lambda told: in_plan(told, "yes"),
        seen="Tom Ines",
        unseen="Judith Hamish",
    ),
    "NORMS_NOT_ADOPTED_BY_ALL": Remark(lambda: advances(prepared()), adopted),
    "NORMS_NOT_REVIEWED": Remark(
        lambda: meetings(normed(launched()), ALL, ALL),
        lambda told: meets(told, "Grace", 3, ROLES[0], norms_reviewed=True),
    ),
    "ROLES_NOT_RENEGOTIATED": Remark(lambda: meets(trying())),
    "LEADERSHIP_DOMINATED": Remark(
        dominated, shared_lead, seen="Petra Ines", unseen="Grace Judith Tom", gate="G2 G3"
    ),
    "FACILITATOR_DEPENDENCY": Remark(lambda: dominated("Ines", "Ines"), shared_lead, gate="G2 G3"),
    "PASSENGER_RISK": Remark(
        lambda: meetings(launched(), QUIET, QUIET, norms_reviewed=True),
        lambda told: meets(told, "Grace", 3, ROLES[0], ALL, norms_reviewed=True),
        seen="Tom Ines",
        unseen="Grace Petra",
    ),
    "ACCOUNT_GAP": Remark(
        lambda: cycled(), gaps_filled, seen="Grace Tom Ines", unseen="Petra Judith"
    ),
    "NOT_DEPLOYED_BY_ALL": Remark(not_by_all, lambda told: reports(told, "Hamish")),
    "NO_INTERIM_DATA": Remark(lambda: cycled(), lambda told: brings(told), gate="G2"),
    "SUBJECTIVE_ONLY": Remark(lambda: cycled(), lambda told: brings(told), gate="G2"),
    "SINGLE_TRIAL_CYCLE": Remark(once),
    "NO_REFINEMENT": Remark(once),
    "INCREMENTAL_ONLY": Remark(
        lambda: achieves(prepared(), "near", "minor"),
        lambda told: achieves(told, "near", "major"),
    ),
    "UNFOCUSED_INNOVATION": Remark(
        lambda: achieves(prepared(), "far", "minor"), lambda told: achieves(told, "far", "major")
    ),
    "SINGLE_PERSPECTIVE": Remark(one_view, superseded, gate="G3"),
    "TEST_FAILED": Remark(
        lambda: answers(two_views(), reliability="no"), lambda told: answers(told)
    ),
    "IMPACT_WITHOUT_STUDENT_EVIDENCE": Remark(
        lambda: two_views(level="professional"), on_pupils, gate="G3"
    ),
    "GROUP_REVIEW_MISSING": Remark(lambda: cycle_ends(concluded()), looked_back),
    "NO_FEEDBACK_TO_PUPILS": Remark(lambda: cycle_ends(concluded()), fed_back),
    "PROGRESS_CONCERN": Remark(
        lambda: responds(asks(launched()), "Hamish", 2, "impl_1"),
        lambda told: responds(told, "Hamish", 5, "impl_1"),
    ),
    "PROGRESS_CONTRADICTION": Remark(
        lambda: responds(asks(launched()), "Hamish"), lambda told: measured(told)
    ),
    "INITIATIVE_OVERLOAD": Remark(
        overloaded, relieved, seen="Judith Grace Ines", unseen="Petra Hamish"
    ),
}
"""By code, in the order of the catalogue."""
