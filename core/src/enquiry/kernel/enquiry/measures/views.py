"""The measure tracker: baselines, readings, and the distance travelled."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from msgspec import Struct

from enquiry.kernel.enquiry.measures.state import Measure, Reading
from enquiry.kernel.enquiry.state import Enquiry
from enquiry.method.method import Look


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
    """Every measure, oldest first."""

    measures: tuple[MeasureShown, ...]


def tracker(s: Enquiry, look: Look) -> Tracker:
    """How each measure has moved since its original baseline."""
    del look
    return Tracker(tuple(_shown(id_, one) for id_, one in s.measures.items()))


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
