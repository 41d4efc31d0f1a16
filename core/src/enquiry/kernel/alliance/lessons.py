"""When somebody teaches: the timetable that a school may supply, so that cover can be seen to."""

from datetime import date, time
from typing import Annotated
from uuid import UUID

from enquiry.kernel.alliance.state import Alliance, Lesson
from enquiry.method.ctx import Ctx
from enquiry.method.entry import Entry, Piece, Was
from enquiry.method.fields import ask
from enquiry.method.rules import Unmet, Verdict, rule


class LessonRow(Piece):
    """A lesson, every week or on one day."""

    starts: Annotated[time, ask("When does it start, by the clock at the school?")]
    ends: Annotated[time, ask("When does it end?")]
    weekday: Annotated[int, ask("On which day of the week? 1 is Monday.", ge=1, le=7)] | None = None
    """Every week, on school days."""
    on: Annotated[date, ask("Or on which day?", ui="date")] | None = None


class SetTimetable(Entry, records="timetable-set"):
    """Say when somebody teaches at a school, so that visits at that time ask for cover"""

    school: Annotated[UUID, ask("At which school?", address=True)]
    person: Annotated[UUID, ask("Who?", address=True, ui="people")]
    lessons: Annotated[tuple[LessonRow, ...], ask("Which lessons?", at_most=200)]
    """Every lesson from now on; empty: none is known."""

    def apply(self, s: Alliance, was: Was) -> Alliance:
        """Replace their lessons at this school."""
        known = s.people.get(self.person)
        if known is None:
            return s
        kept = tuple(lesson for lesson in known.lessons if lesson.school != self.school)
        added = tuple(
            Lesson(school=self.school, starts=r.starts, ends=r.ends, weekday=r.weekday, on=r.on)
            for r in self.lessons
        )
        return s.but(people={**s.people, self.person: known.but(lessons=(*kept, *added))})


@rule("VALIDATION_FAILED", "A lesson is weekly or on one day, and ends after it starts.")
def lessons_have_times(s: Alliance, e: SetTimetable, ctx: Ctx) -> Verdict:
    """Wall clock times of the school, without a zone of their own."""
    del s, ctx
    for number, row in enumerate(e.lessons):
        if (row.weekday is None) == (row.on is None):
            return Unmet(pointer=f"/lessons/{number}/weekday")
        zoned = row.starts.tzinfo is not None or row.ends.tzinfo is not None
        if zoned or row.starts >= row.ends:
            return Unmet(pointer=f"/lessons/{number}/ends")
    return True


@rule("NOT_PERMITTED", "Only a leader of that school, a steward, or whoever teaches may say this.")
def may_say_when_they_teach(s: Alliance, e: SetTimetable, ctx: Ctx) -> bool:
    """Everybody may say it of themselves."""
    leads = s.leads(ctx.actor, e.school, s.day_at(e.school, ctx.now))
    return e.person == ctx.actor or leads or ctx.actor in s.stewards
