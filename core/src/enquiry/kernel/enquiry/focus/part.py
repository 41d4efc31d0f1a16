"""The focus and the question: proposals of their own kind, the tests of a question (2.4), and the
checklist of what research says (2.21)."""

from enquiry.kernel.enquiry.focus import forms, rules, views
from enquiry.kernel.enquiry.roles import FRIENDS, GROUP
from enquiry.method.builder import Builder


def focus(enquiry: Builder) -> None:
    """Add the six tests; proposing and adopting are those of every decision."""
    enquiry.move(forms.AnswerQuestionTests, by=GROUP, rules=(rules.question_is_known,))
    enquiry.show(forms.AnswerQuestionTests, to=(*GROUP, FRIENDS), today=True)
    enquiry.watch(*rules.WATCHES)
    enquiry.view(
        "propositions",
        "What research says",
        to=(*GROUP, FRIENDS),
        build=views.checklist,
        schema=views.Checklist,
    )
