"""Rules and remarks about impact, and their share in the gates."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from enquiry.kernel.enquiry.agreement.rules import kind_of
from enquiry.kernel.enquiry.agreement.state import Kind
from enquiry.kernel.enquiry.impact.state import Claim
from enquiry.kernel.enquiry.phases.gates import Condition, unless
from enquiry.kernel.enquiry.phases.state import Phase
from enquiry.kernel.enquiry.state import Enquiry
from enquiry.kernel.vocabulary import Level, Respondents, Verdict
from enquiry.method.ctx import Ctx
from enquiry.method.rules import Unmet, Warn, Watch, rule
from enquiry.method.rules import Verdict as Held


def _readings(s: Enquiry) -> frozenset[UUID]:
    return frozenset(
        reading.id for one in s.measures.values() for reading in (*one.baselines, *one.readings)
    )


def supported(s: Enquiry, claim: Claim) -> bool:
    """Whether any of the evidence that a claim cites still stands."""
    items = any(id_ in s.items and s.items[id_].stands for id_ in claim.evidence)
    return items or _cites_readings(s, claim)


def _cites_readings(s: Enquiry, claim: Claim) -> bool:
    """Measures are gone through only for what is no piece of evidence."""
    return any(id_ not in s.items for id_ in claim.evidence) and not _readings(s).isdisjoint(
        claim.evidence
    )


def triangulated(s: Enquiry, claim: Claim) -> bool:
    """At least two groups of respondents, or two ways of collection, among what still stands.

    A reading is performance data: nobody's view, and a way of its own. Source: 2.13.
    """
    items = [s.items[id_] for id_ in claim.evidence if id_ in s.items and s.items[id_].stands]
    groups: set[str] = {item.respondents for item in items}
    ways: set[str] = {item.collection_method for item in items}
    if _cites_readings(s, claim):
        groups.add(Respondents.NONE)
        ways.add("reading")
    return len(groups) >= 2 or len(ways) >= 2


def current(s: Enquiry) -> Mapping[UUID, Claim]:
    """Claims of the present cycle that were not superseded."""
    return {
        id_: claim
        for id_, claim in s.impact.claims.items()
        if claim.cycle == s.course.cycle and not claim.superseded
    }


@rule("VALIDATION_FAILED", "There is no such evidence, or it was withdrawn.")
def evidence_is_known(s: Enquiry, e: Any, ctx: Ctx) -> Held:
    """What a claim cites was brought here, and stands."""
    del ctx
    readings = _readings(s)
    for index, id_ in enumerate(e.evidence):
        if id_ not in readings and (id_ not in s.items or not s.items[id_].stands):
            return Unmet(pointer=f"/evidence/{index}")
    return True


@rule("NOT_FOUND", "There is no such claim.")
def claim_is_known(s: Enquiry, e: Any, ctx: Ctx) -> bool:
    """It was drafted here."""
    del ctx
    return e.claim in s.impact.claims


@rule("VALIDATION_FAILED", "Another claim takes its place.")
def successor_is_another(s: Enquiry, e: Any, ctx: Ctx) -> Held:
    """Whatever takes the place of a claim is a claim."""
    del ctx
    fits = e.by is None or (e.by in s.impact.claims and e.by != e.claim)
    return True if fits else Unmet(pointer="/by")


@rule("VALIDATION_FAILED", "There is no such claim.")
def claims_are_known(s: Enquiry, e: Any, ctx: Ctx) -> Held:
    """A group statement is about claims of this enquiry."""
    del ctx
    if kind_of(s, e) != Kind.IMPACT_STATEMENT:
        return True
    for index, id_ in enumerate(e.claims):
        if id_ not in s.impact.claims:
            return Unmet(pointer=f"/claims/{index}")
    return True


@rule(
    "IMPACT_TESTS_UNANSWERED",
    "Answer the three tests of a claim before the group states it.",
    source="2.13",
)
def tests_are_answered(s: Enquiry, e: Any, ctx: Ctx) -> Held:
    """Validity, triangulation and reliability each have a verdict."""
    del ctx
    if kind_of(s, e) != Kind.IMPACT_STATEMENT:
        return True
    untested = [id_ for id_ in e.claims if None in s.impact.claims[id_].verdicts]
    return Unmet(details=tuple({"claim": str(id_)} for id_ in untested)) if untested else True


@rule("NOT_PERMITTED", "A school's outcomes are recorded by whoever speaks for it.", source="2.19")
def speaks_for_that_school(s: Enquiry, e: Any, ctx: Ctx) -> bool:
    """The actor is the representative of the school, or the deputy."""
    return e.school in s.speaks_for(ctx.actor)


@rule("VALIDATION_FAILED", "Say what came of it, or why there is no evidence; not both.")
def outcomes_are_told(s: Enquiry, e: Any, ctx: Ctx) -> Held:
    """Each level once, with a text or with the reason why there is none."""
    del s, ctx
    for index, outcome in enumerate(e.outcomes):
        if (outcome.text is None) == (outcome.no_evidence is None):
            return Unmet(pointer=f"/outcomes/{index}")
    levels = [outcome.level for outcome in e.outcomes]
    return True if len(set(levels)) == len(levels) else Unmet(pointer="/outcomes")


# Remarks


def _single(s: Enquiry, ctx: Ctx) -> tuple[Warn, ...]:
    del ctx
    return tuple(
        Warn("SINGLE_PERSPECTIVE", about=f"claim-{id_}")
        for id_, claim in current(s).items()
        if not triangulated(s, claim)
    )


def _failed(s: Enquiry, ctx: Ctx) -> tuple[Warn, ...]:
    del ctx
    return tuple(
        Warn("TEST_FAILED", about=f"claim-{id_}")
        for id_, claim in current(s).items()
        if Verdict.NO in claim.verdicts
    )


def _no_student(s: Enquiry, ctx: Ctx) -> tuple[Warn, ...]:
    del ctx
    claims = [claim for claim in current(s).values() if supported(s, claim)]
    others = any(claim.level != Level.STUDENT for claim in claims)
    students = any(claim.level == Level.STUDENT for claim in claims)
    if not others or students:
        return ()
    return (Warn("IMPACT_WITHOUT_STUDENT_EVIDENCE", about=f"cycle-{s.course.cycle}"),)


def _unheard(s: Enquiry, ctx: Ctx) -> tuple[Warn, ...]:
    """Of a cycle that is closed: pupils gave evidence, and were not told since what came of it."""
    del ctx
    return tuple(
        Warn("NO_FEEDBACK_TO_PUPILS", about=f"cycle-{cycle}")
        for cycle in s.course.closed_cycles
        if s.impact.fed_back < cycle and _asked_pupils(s, cycle)
    )


def _asked_pupils(s: Enquiry, cycle: int) -> bool:
    return any(
        item.respondents == Respondents.PUPILS and item.cycle == cycle and item.stands
        for item in s.items.values()
    )


_RESTS_ON = ("impact", "course", "items", "measures")
WATCHES = (
    Watch("SINGLE_PERSPECTIVE", _single, source="2.13", looks_at=_RESTS_ON),
    Watch("TEST_FAILED", _failed, source="2.13", looks_at=("impact", "course")),
    Watch("IMPACT_WITHOUT_STUDENT_EVIDENCE", _no_student, source="2.13", looks_at=_RESTS_ON),
    Watch("NO_FEEDBACK_TO_PUPILS", _unheard, source="4.7", looks_at=("impact", "course", "items")),
)
PROPOSING = (claims_are_known, tests_are_answered)


# Gates


def _outcomes(s: Enquiry, around: Any) -> tuple[dict[str, str], ...]:
    del around
    return tuple(
        {"school": str(school), "level": level}
        for school in s.schools
        for level in Level
        if s.impact.outcomes.get(school, {}).get(level) != s.course.cycle
    )


def _statements(s: Enquiry, around: Any) -> tuple[dict[str, str], ...]:
    """Group statements whose claims are untested by now, or rest on nothing any longer."""
    del around
    adopted = s.agreement.adopted(Kind.IMPACT_STATEMENT, s.course.cycle)
    claims = {id_ for one in adopted for id_ in s.agreement.proposals[one].content.claims}
    return tuple(
        {"claim": str(id_)}
        for id_, claim in s.impact.claims.items()
        if id_ in claims
        and not claim.superseded
        and (None in claim.verdicts or not supported(s, claim))
    )


def _decided(letter: str, kind: Kind, sentence: str, phase: Phase | None = None) -> Condition:
    """Adopted in this cycle; in one phase only where each phase has its own."""

    def holds(s: Enquiry) -> bool:
        return bool(s.agreement.adopted(kind, s.course.cycle, phase))

    return Condition(letter, sentence, unless(holds))


OUTCOMES = Condition("a", "Every school has said what came of it at three levels.", _outcomes)
STATEMENTS = Condition(
    "b", "Every statement of impact has its tests answered, and rests on evidence.", _statements
)
RECOMMENDATION = _decided("c", Kind.RECOMMENDATION, "A recommendation is adopted.")
DISSEMINATION = _decided("d", Kind.DISSEMINATION, "It is agreed who is told, and how.")
NEXT_STEPS = _decided("e", Kind.NEXT_STEPS, "Next steps are adopted.", Phase.IMPACT)
CYCLE_DECISION = _decided("f", Kind.CYCLE_DECISION, "It is decided what follows this cycle.")
CONDITIONS = (OUTCOMES, STATEMENTS, RECOMMENDATION, DISSEMINATION, NEXT_STEPS, CYCLE_DECISION)
