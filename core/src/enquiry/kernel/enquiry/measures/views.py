"""The measure tracker: baselines, readings, and the distance travelled."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from msgspec import Struct

from enquiry.kernel.enquiry.measures.state import Measure, Reading
from enquiry.kernel.enquiry.roles import FRIENDS, GROUP
from enquiry.kernel.enquiry.state import Enquiry
from enquiry.kernel.smallnumbers import SMALL
from enquiry.method.method import Look, Recorded
from enquiry.method.roles import Viewer


class ReadingShown(Struct, frozen=True):
    """A value on a day."""

    id: UUID
    on: date
    value: Decimal | None
    cycle: int
    final: bool
    distance: Decimal | None
    """From the original baseline, in units of the measure; ``None`` where it cannot be told."""


class MeasureShown(Struct, frozen=True):
    """A measure and how far it has come."""

    id: UUID
    name: Any
    level: str
    kind: str
    unit: str
    population: Any
    population_size: int | None
    target: Decimal | None
    success_criterion: Any
    baselines: tuple[ReadingShown, ...]
    """The original one first."""
    baseline_unobtainable: bool
    readings: tuple[ReadingShown, ...]
    distance: Decimal | None
    """Of the last comparable reading."""
    reached: bool | None
    """Whether the last value is at or beyond the target, in the direction from the baseline."""


class Tracker(Struct, frozen=True):
    """Measures, oldest first: to those outside the group, such as are known to be of five or
    more."""

    measures: tuple[MeasureShown, ...]


def tracker(s: Enquiry, look: Look) -> Tracker:
    """How each measure has moved since its original baseline."""
    inside = look.has(*GROUP, FRIENDS)
    shown = {id_: one for id_, one in s.measures.items() if inside or _of_enough(one)}
    return Tracker(tuple(_shown(id_, one) for id_, one in shown.items()))


def is_of_enough(s: Enquiry, fact: Recorded, viewer: Viewer) -> bool:
    """The measure is known to be of five people or more"""
    del viewer
    measure = s.measures.get(getattr(fact.entry, "measure", fact.was.id))
    return measure is not None and _of_enough(measure)


def _of_enough(one: Measure) -> bool:
    """Numbers about fewer would be about somebody (4.5); a size that nobody said is no size."""
    return (one.population_size or 0) >= SMALL


def _shown(id_: UUID, one: Measure) -> MeasureShown:
    readings = tuple(_reading(one, reading) for reading in one.readings)
    last = next((r for r in reversed(readings) if r.distance is not None), None)
    return MeasureShown(
        id_,
        one.name,
        one.level,
        one.kind,
        one.unit,
        one.population,
        one.population_size,
        one.target,
        one.criterion,
        tuple(_reading(one, baseline) for baseline in one.baselines),
        one.unobtainable,
        readings,
        last.distance if last is not None else None,
        _reached(one),
    )


def _reading(one: Measure, reading: Reading) -> ReadingShown:
    return ReadingShown(
        reading.id, reading.on, reading.value, reading.cycle, reading.final, one.distance(reading)
    )


def _reached(one: Measure) -> bool | None:
    last = next((r.value for r in reversed(one.readings) if one.distance(r) is not None), None)
    start = one.baselines[0].value if one.baselines else None
    if last is None or one.target is None or start is None:
        return None
    return last >= one.target if one.target >= start else last <= one.target
