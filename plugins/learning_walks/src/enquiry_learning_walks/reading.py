"""What people may ask for: the read models, and what they tell of facts not for everybody."""

from enquiry import COVER, ENQUIRY, FACILITATOR, MEMBER, Builder
from enquiry.kernel.run import forms as run
from enquiry_learning_walks import forms, sheets, views
from enquiry_learning_walks.chart import FORMER, HOST, LEAD, PUPIL, WALKER
from enquiry_learning_walks.shown import STAFFROOM, sees_sheet

WITHDRAWN = "What is withdrawn is not there any more; nobody is told whose it was."
UNCOVERED = "Facilitators learn for which criteria there was no note when the walk ended."
STILL_HERE = "Others see who still takes part."
CALLED_OFF = "When the last walker leaves, the walk is cancelled, and its visits do not count."


def add_views(walk: Builder) -> None:
    """Add the read models."""
    _on_the_way(walk)
    _summed_up(walk)


def _on_the_way(walk: Builder) -> None:
    walk.view(
        "timetable",
        "When and where",
        to=(WALKER, PUPIL, HOST),
        build=views.timetable,
        schema=views.Timetable,
        reveals={
            run.LeaveRun: STILL_HERE,
            run.RecordPupilDeclined: STILL_HERE,
            run.WithdrawConsent: WITHDRAWN,
        },
    )
    walk.view(
        "my-notes", "My notes", to=(WALKER, PUPIL, FORMER), build=views.my_notes, schema=views.Notes
    )
    walk.view(
        "own-visit",
        "What was noted in my room",
        to=HOST,
        build=views.own_visit,
        schema=views.OwnVisits,
    )
    walk.view(
        "corridors",
        "What was said in the corridor",
        to=(WALKER, PUPIL),
        build=views.corridors,
        schema=views.Corridors,
        reveals={run.RecordPupilDeclined: STILL_HERE},
    )


def _summed_up(walk: Builder) -> None:
    walk.view(
        "outcome-sheet",
        "What the walk brought",
        to=(WALKER, PUPIL, HOST, FACILITATOR, *STAFFROOM, MEMBER, ENQUIRY),
        when=sees_sheet,
        build=sheets.outcome_sheet,
        schema=sheets.OutcomeSheet,
    )
    walk.view(
        "visit-key",
        "Whose room a visit number stands for",
        to=(LEAD, COVER),
        build=sheets.visit_key,
        schema=sheets.VisitKey,
    )
    walk.view(
        "coverage",
        "Which criteria were noted where",
        to=WALKER,
        build=sheets.coverage,
        schema=sheets.Coverage,
        reveals={
            forms.RecordNote: "Walkers see how many notes there are for a criterion at a visit.",
            forms.RetractNote: "Walkers see how many notes there are for a criterion at a visit.",
        },
    )
    walk.view(
        "fidelity",
        "How closely the protocol was followed",
        to=(WALKER, FACILITATOR),
        build=sheets.fidelity,
        schema=sheets.Fidelity,
        reveals={
            run.RecordDeviation: "Facilitators learn which rule was not followed, and not why.",
            forms.RecordNote: UNCOVERED,
            forms.RetractNote: UNCOVERED,
        },
    )
    walk.view(
        "observation-budget",
        "How often a teacher is visited this year",
        to=(HOST, COVER),
        build=sheets.observation_budget,
        schema=sheets.ObservationBudget,
        reveals={run.LeaveRun: CALLED_OFF, run.WithdrawConsent: WITHDRAWN},
    )
