"""What a proposed focus and a proposed question hold."""

from typing import Annotated

from enquiry.kernel.vocabulary import Verdict
from enquiry.method.entry import Piece
from enquiry.method.fields import ask, plain, text

_SOURCE = Annotated[str, text("Which data set or record?", upto=200)]
_PROPOSITION = Annotated[
    str, plain("Which proposition?", because="the key of a proposition", upto=64)
]


class Focus(Piece):
    """A broad shared area, drawn from the schools' priorities and tied to pupils' learning."""

    title: Annotated[str, text("What shall we work on together?", upto=200)]
    student_learning_link: (
        Annotated[str, text("What about pupils' learning is at stake?", upto=1000, lines=3)] | None
    ) = None
    """Without it the proposal is refused."""
    data_sources: Annotated[tuple[_SOURCE, ...], ask("Which data points here?", at_most=20)] = ()
    find_out: Annotated[str, text("What do we want to find out?", upto=1000)] | None = None
    why: Annotated[str, text("Why?", upto=1000)] | None = None
    data_analysis: Annotated[str, text("Which analysis pointed here?", upto=1000)] | None = None
    reasonable: Annotated[str, text("Is it reasonable, and why?", upto=1000)] | None = None
    benefit: Annotated[str, text("Will learners benefit, and how?", upto=1000)] | None = None
    ethical_issues: Annotated[str, text("What is to be considered?", upto=1000)] | None = None
    specific_enough: Annotated[Verdict, ask("Is it specific enough?", ui="choice")] | None = None
    propositions: Annotated[
        tuple[_PROPOSITION, ...],
        ask("To what that research says does it return?", at_most=26, ui="choice"),
    ] = ()
    """Keys of the checklist, each once. Naming one is no link to pupils' learning."""


class Question(Piece):
    """A precise question under the focus, that every school can sign up to."""

    wording: Annotated[str, text("Which question?", upto=300, lines=2)]
    success_criteria: Annotated[str, text("What does success look like?", upto=1000)] | None = None
    data_used: Annotated[tuple[_SOURCE, ...], ask("Which data informs it?", at_most=20)] = ()
    """May be empty while drafting; it is checked on adoption."""
    further_data_needed: Annotated[str, text("Which further data?", upto=1000)] | None = None
    gauge_student: Annotated[str, text("How shall we know for pupils?", upto=1000)] | None = None
    gauge_professional: (
        Annotated[str, text("How shall we know for our own learning?", upto=1000)] | None
    ) = None
    gauge_organisational: (
        Annotated[str, text("How shall we know for our schools?", upto=1000)] | None
    ) = None
