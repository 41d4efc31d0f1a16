"""The overarching enquiry as a Method, put together from its ideas: one package each.

Every package has the same files: ``state`` (what its rules remember), ``content`` (what a proposal
of its kind holds), ``forms`` (forms and facts), ``rules`` (conditions, remarks, its share in the
gates), ``views`` (read models), ``part`` (how it is added to a method).
"""

from collections.abc import Mapping
from uuid import UUID

from enquiry.kernel.enquiry import received
from enquiry.kernel.enquiry.agreement.part import agreement, policy_effect
from enquiry.kernel.enquiry.agreement.state import Kind
from enquiry.kernel.enquiry.choices import rules as choices_rules
from enquiry.kernel.enquiry.choices.part import choices
from enquiry.kernel.enquiry.corrections.part import corrections
from enquiry.kernel.enquiry.dashboard.part import dashboard
from enquiry.kernel.enquiry.dissemination.part import dissemination
from enquiry.kernel.enquiry.ethics.part import ethics
from enquiry.kernel.enquiry.evidence.part import evidence
from enquiry.kernel.enquiry.focus import rules as focus_rules
from enquiry.kernel.enquiry.focus.part import focus
from enquiry.kernel.enquiry.gates import AFTER, BEFORE
from enquiry.kernel.enquiry.guide.part import guide
from enquiry.kernel.enquiry.impact import rules as impact_rules
from enquiry.kernel.enquiry.impact.part import impact
from enquiry.kernel.enquiry.learning.part import learning
from enquiry.kernel.enquiry.load import rules as load_rules
from enquiry.kernel.enquiry.maturity import rules as maturity_rules
from enquiry.kernel.enquiry.maturity.part import maturity
from enquiry.kernel.enquiry.measures.part import measures
from enquiry.kernel.enquiry.meetings import rules as meetings_rules
from enquiry.kernel.enquiry.meetings.part import meetings
from enquiry.kernel.enquiry.network.part import network
from enquiry.kernel.enquiry.norms.part import norms
from enquiry.kernel.enquiry.overviews.part import overviews
from enquiry.kernel.enquiry.people.part import people
from enquiry.kernel.enquiry.phases.part import Stages, phases, stages
from enquiry.kernel.enquiry.phases.state import Phase
from enquiry.kernel.enquiry.progress.part import progress
from enquiry.kernel.enquiry.reports import rules as reports_rules
from enquiry.kernel.enquiry.reports.part import reports
from enquiry.kernel.enquiry.roles import (
    DECIDERS,
    FACILITATORS,
    FORMER,
    FRIENDS,
    GROUP,
    INVITED,
    MEMBERS,
    REPRESENTATIVES,
    cast,
)
from enquiry.kernel.enquiry.runs.part import runs
from enquiry.kernel.enquiry.state import Enquiry
from enquiry.kernel.enquiry.strategies import rules as strategies_rules
from enquiry.kernel.enquiry.strategies.part import strategies
from enquiry.kernel.enquiry.timeline.part import timeline
from enquiry.kernel.enquiry.timing import rules as timing_rules
from enquiry.kernel.enquiry.trials import rules as trials_rules
from enquiry.kernel.enquiry.trials.part import trials
from enquiry.kernel.surveys import Asking, surveys
from enquiry.method.builder import Builder
from enquiry.method.method import Method
from enquiry.method.retention import Keep

RETENTION = (
    Keep(
        kind="contribution",
        what="Decisions, overviews, trials, evidence and reports",
        because="they are what the enquiry leaves to others",
    ),
    Keep(kind="research", what="Each single answer to a survey; the counts stay", years=1),
)


def _asked(s: Enquiry) -> tuple[UUID, ...]:
    """Everybody who may be asked in a survey."""
    return tuple(dict.fromkeys((*s.members, *s.facilitators)))


def _reviewed(s: Enquiry) -> bool:
    return s.ethics_reviewed


def _survey_owners(s: Enquiry) -> tuple[UUID, ...]:
    return s.ethics.survey_owners


SURVEYS = Asking(
    openers=DECIDERS,
    respondents=GROUP,
    followers=(FACILITATORS,),
    members=_asked,
    reviewed=_reviewed,
    owners=_survey_owners,
)


def _gone(s: Enquiry) -> Mapping[UUID, int]:
    return s.gone


def _method() -> Method:
    enquiry = Builder(
        "enquiry",
        1,
        "Enquiry",
        state=Enquiry,
        roles=(MEMBERS, FACILITATORS, REPRESENTATIVES, FRIENDS, INVITED, FORMER),
        cast=cast,
        stream="enquiry",
        acknowledgers=(FACILITATORS,),
        answers=meetings_rules.answers,
        group=GROUP,
        gone=_gone,
        source="Harris and Jones, Connect to Learn (2012)",
        retention=RETENTION,
    )
    at = stages(enquiry)
    enquiry.usually(*at.working)
    people(enquiry)
    phases(
        enquiry,
        at,
        BEFORE,
        AFTER[Phase.IMPACT],
        passing=(timing_rules.rushed, trials_rules.once_through),
    )
    norms(enquiry)
    _agreeing(enquiry)
    _learning(enquiry, at)
    for add in (learning, corrections, dissemination, dashboard, timeline, runs, network):
        add(enquiry)
    enquiry.watch(*timing_rules.WATCHES, *load_rules.WATCHES)
    surveys(enquiry, SURVEYS)
    _hearing(enquiry)
    return enquiry.build()


def _agreeing(enquiry: Builder) -> None:
    """Proposals of every kind, and the ideas that they are about."""
    agreement(
        enquiry,
        proposing=(
            *focus_rules.PROPOSING,
            *choices_rules.PROPOSING,
            *impact_rules.PROPOSING,
            *reports_rules.PROPOSING,
            *maturity_rules.PROPOSING,
        ),
        adopting=(*focus_rules.ADOPTING, *choices_rules.ADOPTING),
        effects={
            **focus_rules.EFFECTS,
            **choices_rules.EFFECTS,
            **strategies_rules.EFFECTS,
            **maturity_rules.EFFECTS,
            Kind.POLICY_CHANGE: policy_effect(),
        },
    )
    for add in (focus, choices, strategies, ethics):
        add(enquiry)


def _learning(enquiry: Builder, at: Stages) -> None:
    """What the group looks at, tries, and concludes."""
    for add in (guide, overviews, meetings, measures, evidence):
        add(enquiry)
    trials(enquiry, at)
    for add in (impact, progress, reports, maturity):
        add(enquiry)


def _hearing(enquiry: Builder) -> None:
    """What runs tell the enquiry that they serve."""
    enquiry.show(received.RunJoined, to=GROUP, today=True)
    enquiry.show(received.EvidenceReceived, to=GROUP, today=True)
    # Who records it may be the very person it is about.
    enquiry.show(received.EvidenceWithdrawn, to=GROUP, today=True, hide=("by",))


ENQUIRY = _method()
"""The enquiry's definition."""
