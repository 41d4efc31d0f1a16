"""Rules and remarks about measures, and their share in the gates."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from enquiry.kernel.enquiry.measures.state import FITS, MeasureKind
from enquiry.kernel.enquiry.phases.gates import Condition, unless
from enquiry.kernel.enquiry.phases.state import Phase
from enquiry.kernel.enquiry.state import Enquiry
from enquiry.kernel.vocabulary import CollectionMethod, Level
from enquiry.method.ctx import Ctx
from enquiry.method.rules import Unmet, Verdict, Warn, Watch, rule


@rule("NOT_FOUND", "There is no such measure.")
def measure_is_known(s: Enquiry, e: Any, ctx: Ctx) -> bool:
    """It has been defined here."""
    del ctx
    return e.measure in s.measures


@rule("MEASURE_MISMATCH", "The measure has another unit: values could not be compared.")
def unit_is_the_same(s: Enquiry, e: Any, ctx: Ctx) -> Verdict:
    """Distance travelled is computed within one unit only."""
    del ctx
    same = e.unit is None or e.unit == s.measures[e.measure].unit
    return True if same else Unmet(pointer="/unit", params={"unit": s.measures[e.measure].unit})


@rule("VALIDATION_FAILED", "Give the value; of what has no number, say what was found.")
def value_fits_its_kind(s: Enquiry, e: Any, ctx: Ctx) -> Verdict:
    """A number where the measure has one (a percentage from 0 to 100), words where it has none."""
    del ctx
    measure = s.measures[e.measure]
    if measure.kind == MeasureKind.QUALITATIVE:
        return True if e.note and e.value is None else Unmet(pointer="/note")
    if e.value is None:
        return Unmet(pointer="/value")
    percent = measure.kind == MeasureKind.PROPORTION and measure.unit == "%"
    within = 0 <= e.value <= Decimal(100) if percent else True
    return True if within else Unmet(pointer="/value")


def _in_use(s: Enquiry) -> Any:
    return ((id_, one) for id_, one in s.measures.items() if one.cycle == s.course.cycle)


def _no_baseline(s: Enquiry, ctx: Ctx) -> tuple[Warn, ...]:
    del ctx
    if s.course.phase in (None, Phase.IMPLEMENTATION):
        return ()
    return tuple(
        Warn("BASELINE_MISSING", about=f"measure-{id_}")
        for id_, one in _in_use(s)
        if not one.baselines and not one.unobtainable
    )


def _late_baseline(s: Enquiry, ctx: Ctx) -> tuple[Warn, ...]:
    """Of the original baseline: the trials of its own cycle had begun before it."""
    del ctx
    return tuple(
        Warn("BASELINE_AFTER_START", about=f"measure-{id_}")
        for id_, one in _in_use(s)
        if one.baselines
        and (began := s.trials.first_deployed_on(one.baselines[0].cycle)) is not None
        and one.baselines[0].on > began
    )


def _other_people(s: Enquiry, ctx: Ctx) -> tuple[Warn, ...]:
    del ctx
    return tuple(
        Warn("POPULATION_CHANGED", about=f"measure-{id_}")
        for id_, one in _in_use(s)
        if any(not reading.comparable for reading in one.readings)
    )


def _unfit(s: Enquiry, ctx: Ctx) -> tuple[Warn, ...]:
    """Ways by which a measure is to be collected, and those of the evidence linked to it."""
    del ctx
    linked: dict[UUID, set[CollectionMethod]] = {}
    for item in s.items.values():
        for measure in item.measures if item.stands else ():
            linked.setdefault(measure, set()).add(item.collection_method)
    return tuple(
        Warn("METHOD_MEASURE_MISMATCH", about=f"measure-{id_}-{way}", params={"method": way})
        for id_, one in _in_use(s)
        for way in CollectionMethod
        if (way in one.collected_by or way in linked.get(id_, ()))
        and one.aspect is not None
        and one.aspect not in FITS[way]
    )


def _unplanned(s: Enquiry, ctx: Ctx) -> tuple[Warn, ...]:
    del ctx
    return tuple(
        Warn("COLLECTION_PLAN_INCOMPLETE", about=f"measure-{id_}")
        for id_, one in _in_use(s)
        if not one.planned
    )


_USED = ("measures", "course")
WATCHES = (
    Watch("BASELINE_MISSING", _no_baseline, source="2.16", looks_at=_USED),
    Watch("BASELINE_AFTER_START", _late_baseline, source="2.12", looks_at=("trials", *_USED)),
    Watch("POPULATION_CHANGED", _other_people, source="2.12", looks_at=_USED),
    Watch("METHOD_MEASURE_MISMATCH", _unfit, source="2.12", looks_at=("items", *_USED)),
    Watch("COLLECTION_PLAN_INCOMPLETE", _unplanned, source="2.12", looks_at=_USED),
)


def _has_student_measure(s: Enquiry) -> bool:
    return any(
        one.level == Level.STUDENT
        and one.has_criterion
        and (one.baselines or one.baseline_planned is not None or one.unobtainable)
        for _, one in _in_use(s)
    )


def _has_baseline(s: Enquiry) -> bool:
    return any(one.baselines or one.unobtainable for _, one in _in_use(s))


DEFINED = Condition(
    "g",
    "A measure at the level of pupils has a success criterion, and a baseline taken or planned.",
    unless(_has_student_measure),
)
BASELINE = Condition(
    "d",
    "There is a baseline, or it is said why there can be none.",
    unless(_has_baseline),
)
