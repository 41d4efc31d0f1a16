"""Which methods were run for the enquiry, and how far each run has come."""

from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import Struct

from enquiry.kernel.enquiry.state import Enquiry
from enquiry.method.method import Look

PLANNED, UNDER_WAY, OVER = "planned", "under_way", "over"


class RunOfEnquiry(Struct, frozen=True):
    """A run that serves the enquiry. What happens in it is told to those who take part in it."""

    run: UUID
    method: str
    stage: str
    """``planned``, ``under_way`` or ``over``: the stages of methods differ, these do not."""
    school: UUID | None
    """Where it takes place."""
    purpose: str | None
    started_at: datetime | None
    over_at: datetime | None
    evidence: int
    """Pieces that it has published here and that still stand."""


class RunsOfEnquiry(Struct, frozen=True):
    """Every run, in the order in which they came."""

    runs: tuple[RunOfEnquiry, ...]


def runs(s: Enquiry, look: Look) -> RunsOfEnquiry:
    """No title, no names: a run is its participants' own until it publishes."""
    return RunsOfEnquiry(tuple(_shown(s, look, run, method) for run, method in s.runs.items()))


def stage_of(run: Any) -> str:
    """How far a run has come, whatever its method."""
    if run is None or run.started_at is None:
        return OVER if run is not None and run.over_at is not None else PLANNED
    return UNDER_WAY if run.over_at is None else OVER


def _shown(s: Enquiry, look: Look, id_: UUID, method: str) -> RunOfEnquiry:
    run = look.read(id_)
    return RunOfEnquiry(
        id_,
        method,
        stage_of(run),
        run.school if run is not None else None,
        run.purpose if run is not None else None,
        run.started_at if run is not None else None,
        run.over_at if run is not None else None,
        sum(item.run == id_ and item.stands for item in s.items.values()),
    )
