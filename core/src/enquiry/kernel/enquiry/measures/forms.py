"""Forms and facts of measures."""

from datetime import date
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from enquiry.kernel.enquiry.measures.state import Aspect, Measure, MeasureKind, Reading
from enquiry.kernel.enquiry.state import Enquiry
from enquiry.kernel.vocabulary import CollectionMethod, Level
from enquiry.method.entry import Entry, Was
from enquiry.method.fields import ask, plain, text

_MEASURE = ask("Which measure?", address=True, ui="choice")
_UNIT = plain("In which unit?", because="a unit of measurement", upto=40)


class DefineMeasure(Entry, records="measure-defined"):
    """Define what is tracked"""

    name: Annotated[str, text("What is measured?", upto=200)]
    level: Annotated[Level, ask("At which level?", ui="choice")]
    kind: Annotated[MeasureKind, ask("What sort of value is it?", ui="choice")]
    unit: Annotated[str, _UNIT]
    population: Annotated[str, text("Of whom?", upto=300)]
    population_size: Annotated[int, ask("How many are they?", ge=1)] | None = None
    target: Annotated[Decimal, ask("Which value would be a success?")] | None = None
    success_criterion: Annotated[str, text("What would be a success?", upto=500)] | None = None
    aspect: Annotated[Aspect, ask("What is it a measure of?", ui="choice")] | None = None
    collected_by: Annotated[
        tuple[CollectionMethod, ...], ask("How is it collected?", at_most=8, ui="choice")
    ] = ()
    baseline_planned: Annotated[date, ask("When is the baseline taken?", ui="date")] | None = None
    recognise: Annotated[str, text("How would we recognise it?", upto=500)] | None = None
    data_needed: Annotated[str, text("Which data is needed?", upto=500)] | None = None
    exists: Annotated[str, text("Is it there, or to be collected?", upto=500)] | None = None
    method_and_why: Annotated[str, text("By which method, and why?", upto=500)] | None = None
    appropriate: Annotated[str, text("Is that appropriate?", upto=500)] | None = None

    def apply(self, s: Enquiry, was: Was) -> Enquiry:
        """The measure has the fact's id."""
        plan = (
            self.recognise,
            self.data_needed,
            self.exists,
            self.method_and_why,
            self.appropriate,
        )
        made = Measure(
            name=self.name,
            level=self.level,
            kind=self.kind,
            unit=self.unit,
            population=self.population,
            population_size=self.population_size,
            target=self.target,
            criterion=self.success_criterion,
            aspect=self.aspect,
            collected_by=self.collected_by,
            baseline_planned=self.baseline_planned,
            planned=all(answer is not None for answer in plan),
            cycle=s.course.cycle,
        )
        return _with(s, was.id, made)


def _with(s: Enquiry, id_: UUID, measure: Measure) -> Enquiry:
    return s.but(measures={**s.measures, id_: measure})


class _Value(Entry):
    """A value of a measure"""

    measure: Annotated[UUID, _MEASURE]
    on: Annotated[date, ask("On which day?", ui="date")]
    value: Annotated[Decimal, ask("Which value?")] | None = None
    unit: Annotated[str, _UNIT] | None = None
    """That of the measure, if it is not said."""
    note: Annotated[str, text("What is to be said about it?", upto=1000, lines=3)] | None = None
    """What a qualitative measure has in place of a value."""


class RecordBaseline(_Value, records="baseline-recorded"):
    """Record the first reading of a measure, before the strategy is tried"""

    def apply(self, s: Enquiry, was: Was) -> Enquiry:
        """One for each cycle; the original one stays beside a later one."""
        measure = s.measures[self.measure]
        taken = Reading(id=was.id, on=self.on, value=self.value, cycle=s.course.cycle)
        kept = tuple(b for b in measure.baselines if b.cycle != s.course.cycle)
        return _with(s, self.measure, measure.but(baselines=(*kept, taken)))


class DeclareBaselineUnobtainable(Entry, records="baseline-declared-unobtainable"):
    """Say that there can be no baseline, and why"""

    measure: Annotated[UUID, _MEASURE]
    reason: Annotated[str, text("Why?", upto=1000, lines=3)]

    def apply(self, s: Enquiry, was: Was) -> Enquiry:
        """Nobody waits for it any longer."""
        return _with(s, self.measure, s.measures[self.measure].but(unobtainable=True))


class RecordReading(_Value, records="reading-recorded"):
    """Record a reading of a measure"""

    final: Annotated[bool, ask("Is it the final one of this cycle?")] = False
    population_changed: Annotated[bool, ask("Are they others than at the baseline?")] = False

    def apply(self, s: Enquiry, was: Was) -> Enquiry:
        """Later readings do not replace earlier ones."""
        measure = s.measures[self.measure]
        taken = Reading(
            id=was.id,
            on=self.on,
            value=self.value,
            cycle=s.course.cycle,
            trial_cycle=s.trials.cycle,
            final=self.final,
            comparable=not self.population_changed,
        )
        return _with(s, self.measure, measure.but(readings=(*measure.readings, taken)))
