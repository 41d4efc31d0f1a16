"""Surveys as a part of an enquiry: opened after an ethics review, answered once, told in aggregate.

What somebody answers anonymously is never recorded with them: the log says that they answered, a
sealed box holds what was answered, in no order, and only closing the survey opens it (ADR 0018).
"""

from enquiry.kernel.surveys.asking import Asking
from enquiry.kernel.surveys.part import surveys
from enquiry.kernel.surveys.state import Survey, WithSurveys

__all__ = ["Asking", "Survey", "WithSurveys", "surveys"]
