"""The focus and the question: proposals of their own kind, and the tests of a question (2.4)."""

from enquiry.kernel.enquiry.focus import forms, rules
from enquiry.kernel.enquiry.roles import FRIENDS, GROUP
from enquiry.method.builder import Builder


def focus(enquiry: Builder) -> None:
    """Add the six tests; proposing and adopting are those of every decision."""
    enquiry.move(forms.AnswerQuestionTests, by=GROUP, rules=(rules.question_is_known,))
    enquiry.show(forms.AnswerQuestionTests, to=(*GROUP, FRIENDS), today=True)
    enquiry.watch(*rules.WATCHES)
