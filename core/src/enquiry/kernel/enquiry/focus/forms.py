"""Forms and facts of the focus and the question."""

from typing import Annotated
from uuid import UUID

from enquiry.kernel.enquiry.focus.state import Test
from enquiry.kernel.enquiry.state import Enquiry
from enquiry.kernel.vocabulary import Verdict
from enquiry.method.entry import Entry, Piece, Was
from enquiry.method.fields import ask, text


class Answered(Piece):
    """One of the six tests."""

    test: Annotated[Test, ask("Which test?", ui="choice")]
    verdict: Annotated[Verdict, ask("Does it hold?", ui="choice")]
    note: Annotated[str, text("What is to be said about it?", upto=500)] | None = None


class AnswerQuestionTests(Entry, records="question-tests-answered"):
    """Answer the six tests of a question"""

    proposal: Annotated[UUID, ask("Which question?", address=True, ui="choice")]
    tests: Annotated[tuple[Answered, ...], ask("Which tests?", at_least=1, at_most=6)]

    def apply(self, s: Enquiry, was: Was) -> Enquiry:
        """The last verdict on each counts."""
        verdicts = {
            **s.focused.tests.get(self.proposal, {}),
            **{answered.test: answered.verdict for answered in self.tests},
        }
        tests = {**s.focused.tests, self.proposal: verdicts}
        return s.but(focused=s.focused.but(tests=tests))


class FocusAdopted(Entry, records="focus-adopted"):
    """The group has a collective focus"""

    proposal: UUID

    def apply(self, s: Enquiry, was: Was) -> Enquiry:
        """It takes the place of an earlier one."""
        return s.but(focused=s.focused.but(focus=self.proposal))


class QuestionAdopted(Entry, records="question-adopted"):
    """The group has a question"""

    proposal: UUID

    def apply(self, s: Enquiry, was: Was) -> Enquiry:
        """There may be more than one; too many are remarked."""
        return s.but(focused=s.focused.but(questions=(*s.focused.questions, self.proposal)))
