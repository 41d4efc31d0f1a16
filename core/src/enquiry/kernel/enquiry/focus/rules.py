"""What a focus and a question must have, and their share in the gates."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from enquiry.kernel.enquiry.agreement.part import Effect
from enquiry.kernel.enquiry.agreement.rules import content_of, kind_of
from enquiry.kernel.enquiry.agreement.state import Kind, Proposal, Status
from enquiry.kernel.enquiry.focus import forms
from enquiry.kernel.enquiry.focus.state import Test
from enquiry.kernel.enquiry.phases.gates import Condition, unless
from enquiry.kernel.enquiry.state import Enquiry
from enquiry.kernel.propositions import keys
from enquiry.kernel.vocabulary import Verdict
from enquiry.method.ctx import Ctx
from enquiry.method.entry import Entry
from enquiry.method.rules import Unmet, Warn, Watch, rule
from enquiry.method.rules import Verdict as Held

MAX_QUESTIONS = 2
"""More questions than this at once are too broad a focus (`maxCollectiveQuestions`)."""


@rule(
    "FOCUS_NOT_ABOUT_LEARNING",
    "Say what about pupils' learning is at stake; an activity of teachers alone is no focus.",
    source="2.4",
)
def is_about_learning(s: Enquiry, e: Any, ctx: Ctx) -> Held:
    """A focus names its link to pupils' learning."""
    del ctx
    if kind_of(s, e) != Kind.FOCUS or e.focus.student_learning_link:
        return True
    return Unmet(pointer="/focus/student_learning_link")


@rule("DATA_REQUIRED", "Say which data points to this focus.", source="2.4")
def rests_on_data(s: Enquiry, e: Any, ctx: Ctx) -> Held:
    """A focus names at least one source of data."""
    del ctx
    if kind_of(s, e) != Kind.FOCUS or e.focus.data_sources:
        return True
    return Unmet(pointer="/focus/data_sources")


@rule("VALIDATION_FAILED", "A proposition is one of the checklist, named once.", source="2.21")
def propositions_are_known(s: Enquiry, e: Any, ctx: Ctx) -> Held:
    """What a focus returns to stands in the lists that are shipped."""
    del ctx
    if kind_of(s, e) != Kind.FOCUS:
        return True
    named: Sequence[str] = e.focus.propositions
    for number, key in enumerate(named):
        if key not in keys() or key in named[:number]:
            return Unmet(pointer=f"/focus/propositions/{number}")
    return True


@rule("NOT_FOUND", "There is no such question.")
def question_is_known(s: Enquiry, e: Any, ctx: Ctx) -> bool:
    """What is tested is a proposed question."""
    del ctx
    return content_of(s, e.proposal, Kind.QUESTION) is not None


@rule("QUESTION_TEST_UNANSWERED", "Answer the six tests of the question first.", source="2.4")
def tests_are_answered(s: Enquiry, e: Any, ctx: Ctx) -> Held:
    """Each of the six has a verdict."""
    del ctx
    if kind_of(s, e) != Kind.QUESTION:
        return True
    missing = [test for test in Test if test not in s.focused.tests.get(e.proposal, {})]
    return Unmet(details=tuple({"test": test} for test in missing)) if missing else True


@rule("QUESTION_NOT_DATA_INFORMED", "A question is informed by data: say which.", source="2.4")
def question_is_informed(s: Enquiry, e: Any, ctx: Ctx) -> bool:
    """Data is named, and nobody says that it does not inform the question."""
    del ctx
    content = content_of(s, e.proposal, Kind.QUESTION)
    if content is None:
        return True
    verdict = s.focused.tests.get(e.proposal, {}).get(Test.DATA_INFORMED)
    return bool(content.question.data_used) and verdict != Verdict.NO


def _failed(s: Enquiry, ctx: Ctx) -> tuple[Warn, ...]:
    del ctx
    return tuple(
        Warn("QUESTION_TEST_FAILED", about=f"{question}-{test}", params={"test": test})
        for question in s.focused.questions
        for test, verdict in s.focused.tests.get(question, {}).items()
        if verdict == Verdict.NO and test != Test.DATA_INFORMED
    )


def _broad(s: Enquiry, ctx: Ctx) -> tuple[Warn, ...]:
    del ctx
    proposed = (
        id_
        for id_, one in s.agreement.proposals.items()
        if (one.kind, one.status, one.cycle) == (Kind.FOCUS, Status.OPEN, s.course.cycle)
    )
    looked_at = [content_of(s, id_, Kind.FOCUS) for id_ in (s.focused.focus, *proposed) if id_]
    vague = any(
        content is not None and content.focus.specific_enough == Verdict.NO for content in looked_at
    )
    many = len(s.focused.questions) > MAX_QUESTIONS
    return (Warn("FOCUS_TOO_BROAD", about="focus"),) if vague or many else ()


WATCHES = (
    Watch("QUESTION_TEST_FAILED", _failed, source="2.4", looks_at=("focused",)),
    Watch("FOCUS_TOO_BROAD", _broad, source="2.4", looks_at=("focused", "agreement", "course")),
)
PROPOSING = (is_about_learning, rests_on_data, propositions_are_known)
ADOPTING = (tests_are_answered, question_is_informed)


def _focus(s: Enquiry, id_: UUID, proposal: Proposal, ctx: Ctx) -> Iterable[Entry]:
    del s, proposal, ctx
    yield forms.FocusAdopted(proposal=id_)


def _question(s: Enquiry, id_: UUID, proposal: Proposal, ctx: Ctx) -> Iterable[Entry]:
    del s, proposal, ctx
    yield forms.QuestionAdopted(proposal=id_)


EFFECTS = {
    Kind.FOCUS: Effect((forms.FocusAdopted,), _focus),
    Kind.QUESTION: Effect((forms.QuestionAdopted,), _question),
}
FOCUS = Condition("d", "A focus is adopted.", unless(lambda s: s.focused.focus is not None))
QUESTION = Condition("e", "A question is adopted.", unless(lambda s: bool(s.focused.questions)))
