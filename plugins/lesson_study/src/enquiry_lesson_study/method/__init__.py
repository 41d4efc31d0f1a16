"""Lesson study as a method: its moves, in the order in which they are read aloud.

One module for each part of the method; here they are put together.
"""

from enquiry_lesson_study import shown, warnings
from enquiry_lesson_study.chart import study
from enquiry_lesson_study.method import cycle, discussion, group, lesson, plan

# Somebody joins, leaves, or withdraws

group.joining(study)

# Forming the group

group.forming(study)

# Planning the lesson

plan.drafting(study)
plan.assigning(study)
plan.locking(study)

# The lesson

lesson.teaching(study)
lesson.recording(study)

# Discussing it

discussion.talking(study)
discussion.agreeing(study)

# On to the next lesson, and beyond the group

cycle.going_on(study)
cycle.sharing(study)

# What is remarked, and who sees what

study.watch(*warnings.WATCHES)
shown.rows(study)
shown.read_models(study)

METHOD = study.build()
"""Lesson study."""
