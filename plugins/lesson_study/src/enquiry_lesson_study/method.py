"""Lesson study as a method: its moves, in the order in which they are read aloud."""

from enquiry_lesson_study import shown, warnings
from enquiry_lesson_study.chart import study
from enquiry_lesson_study.moves import cycle, discussion, group, lesson, plan

for part in (
    group.joining,
    group.forming,
    plan.drafting,
    plan.assigning,
    plan.locking,
    lesson.teaching,
    lesson.recording,
    discussion.talking,
    discussion.agreeing,
    cycle.going_on,
    cycle.sharing,
    shown.rows,
    shown.read_models,
):
    part(study)
study.watch(*warnings.WATCHES)

METHOD = study.build()
"""Lesson study."""
