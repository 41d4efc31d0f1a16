"""The least that the rules of a lesson study remember. It holds no personal value."""

from enquiry_lesson_study.state.lesson import Cell, Lesson
from enquiry_lesson_study.state.study import TAKING_PART, Study

__all__ = ["TAKING_PART", "Cell", "Lesson", "Study"]
