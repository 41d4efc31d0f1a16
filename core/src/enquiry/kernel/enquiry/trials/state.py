"""What the rules must remember of trials, accounts and syntheses."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from uuid import UUID

from enquiry.method.entry import Piece


class TrialStatus(StrEnum):
    """How far a school has come with a trial."""

    PLANNED = "planned"
    DEPLOYED = "deployed"
    PARTLY = "partly"
    NOT_DEPLOYED = "not_deployed"


DEPLOYED = (TrialStatus.DEPLOYED, TrialStatus.PARTLY)


class Trial(Piece):
    """One school's trial of a strategy in one trial cycle."""

    strategy: UUID
    version: int
    cycle: int
    """Trial cycle, from 1 over the whole enquiry."""
    school: UUID
    begins: date
    enquiry_cycle: int
    """In which cycle of the enquiry it was begun, from 1."""
    status: TrialStatus = TrialStatus.PLANNED


class Account(Piece):
    """That a member gave an account of a trial."""

    by: UUID
    trial: UUID
    cycle: int


class Outlook(StrEnum):
    """What follows from a synthesis."""

    RETRIAL_REFINED = "retrial_refined"
    OTHER_STRATEGY = "other_strategy"
    READY_FOR_IMPACT = "ready_for_impact"


class Synthesis(Piece):
    """How far the joint reading of a trial cycle has come."""

    patterns: bool = False
    readings: bool = False
    """Themes, strengths or weaknesses."""
    prompts: bool = False
    outlook: Outlook | None = None
    closed: bool = False
    strengths: tuple[str, ...] = ()
    weaknesses: tuple[str, ...] = ()
    """Both are references."""


class Trials(Piece):
    """Every trial, account and synthesis."""

    cycle: int = 0
    """The present trial cycle; 0: none has begun."""
    completed: int = 0
    """The last trial cycle that was completed."""
    since: int = 1
    """The first trial cycle of the present cycle of enquiry."""
    trials: Mapping[UUID, Trial] = {}
    accounts: Mapping[UUID, Account] = {}
    syntheses: Mapping[int, Synthesis] = {}

    def of(self, cycle: int) -> Mapping[UUID, Trial]:
        """The trials of a trial cycle."""
        return {id_: trial for id_, trial in self.trials.items() if trial.cycle == cycle}

    def first_deployed_on(self, enquiry_cycle: int) -> date | None:
        """When the first trial of a cycle of the enquiry began that was deployed."""
        deployed = (
            trial.begins
            for trial in self.trials.values()
            if trial.status in DEPLOYED and trial.enquiry_cycle == enquiry_cycle
        )
        return min(deployed, default=None)

    @property
    def in_trial(self) -> frozenset[UUID]:
        """Strategies that are being tried at present."""
        return (
            frozenset(t.strategy for t in self.of(self.cycle).values())
            if self.running
            else (frozenset())
        )

    @property
    def running(self) -> bool:
        """Whether a trial cycle has begun and is not completed."""
        return self.cycle > self.completed
