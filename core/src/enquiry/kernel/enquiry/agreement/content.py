"""What a proposal may hold, by its kind. One form for all kinds: each uses its own fields."""

from datetime import date
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from enquiry.kernel.enquiry.choices.content import Experience, MethodChoice
from enquiry.kernel.enquiry.focus.content import Focus, Question
from enquiry.kernel.enquiry.maturity.content import Placed
from enquiry.kernel.enquiry.strategies.content import Source, Strategy
from enquiry.method.entry import Entry, Piece
from enquiry.method.fields import ask, text


class DecisionRule(StrEnum):
    """When a proposal may be adopted."""

    UNANIMOUS_BY_SCHOOL = "unanimous_by_school"
    MAJORITY_BY_SCHOOL = "majority_by_school"
    UNANIMOUS_BY_MEMBER = "unanimous_by_member"


class CycleDecision(StrEnum):
    """What follows the present cycle."""

    ANOTHER_CYCLE = "another_cycle"
    END = "end"


class NextStep(Piece):
    """Something that is to be done, by whom and until when."""

    text: Annotated[str, text("What is to be done?", upto=500, lines=2)]
    owner: Annotated[UUID, ask("Who sees to it?", ui="people")] | None = None
    due: Annotated[date, ask("Until which day?", ui="date")] | None = None


class Dissemination(Piece):
    """How others are told what was learned."""

    audience: Annotated[str, text("Who is to learn of it?", upto=200)]
    channel: Annotated[str, text("By which way?", upto=200)]
    on: Annotated[date, ask("On which day?", ui="date")] | None = None


class Content(Entry):
    """What is proposed"""

    focus: Annotated[Focus, ask("Which focus?", ui="group")] | None = None
    question: Annotated[Question, ask("Which question?", ui="group")] | None = None
    method_choice: Annotated[MethodChoice, ask("Which method?", ui="group")] | None = None
    experience: Annotated[
        tuple[Experience, ...], ask("Who has used this method before?", at_most=100)
    ] = ()
    strategy: Annotated[Strategy, ask("Which strategy?", ui="group")] | None = None
    sources: Annotated[tuple[Source, ...], ask("Where does it come from?", at_most=20)] = ()
    statement: (
        Annotated[str, text("What do we state?", upto=2000, lines=4, guard="reports")] | None
    ) = None
    claims: Annotated[tuple[UUID, ...], ask("Which claims of impact?", at_most=20)] = ()
    steps: Annotated[tuple[NextStep, ...], ask("Which next steps?", at_most=40)] = ()
    dissemination: Annotated[Dissemination, ask("Who is told, and how?", ui="group")] | None = None
    report: Annotated[UUID, ask("Which report?", ui="choice")] | None = None
    cycle: Annotated[CycleDecision, ask("What follows this cycle?", ui="choice")] | None = None
    placement: Annotated[
        tuple[Placed, ...], ask("Where does our alliance stand, strand by strand?", at_most=60)
    ] = ()
    decision_rule: (
        Annotated[DecisionRule, ask("How is agreed from now on?", ui="choice")] | None
    ) = None
