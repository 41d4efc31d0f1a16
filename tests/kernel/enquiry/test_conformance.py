"""The enquiry is a method, too: it keeps to the same checks as every other."""

from uuid import UUID

import msgspec
from tests.kernel.enquiry.group import (
    CHOICE,
    EVIDENCE,
    FOCUS,
    MEMBERS,
    OUTCOMES,
    QUESTION,
    REVIEW,
    SCHOOLS,
    STRATEGY,
    accounts,
    concluded,
    cycled,
    gathered,
    impacted,
    prepared,
    reports,
)
from tests.kernel.enquiry.group import trying as prepared_to_try
from tests.kernel.enquiry.test_reports import decided, reads_it
from tests.kernel.test_surveys_conformance import answers_survey, closes_survey, opens_survey
from tests.kernel.valley import around_runs

from enquiry.kernel.enquiry.agreement.state import Proposal
from enquiry.kernel.enquiry.method import ENQUIRY
from enquiry.kernel.enquiry.progress.items import ITEMS
from enquiry.testing import Story, conformance, person
from enquiry.testing.harness import Stream

Body = dict[str, object]
SOME = ("Grace", "Judith", "Petra", "Tom", "Hamish", "Ines", "Nasreen", "Amina", "Kelly")
_ALL = around_runs()
WORLD = msgspec.structs.replace(_ALL, people={name: person(name) for name in SOME})


def in_it(told: Story) -> Story:
    """The same story, with as few people as show every part."""
    settled = told.settled()
    return settled.but(stream=settled.stream.but(world=WORLD))


def gathering() -> Story:
    """Everybody has joined; nothing has begun."""
    return in_it(gathered())


def preparing() -> Story:
    """The first gate is open."""
    return in_it(prepared())


def trying() -> Story:
    """A trial cycle is complete."""
    return in_it(cycled())


def judging() -> Story:
    """The impact is being judged."""
    return in_it(impacted())


def closing() -> Story:
    """The last gate is open."""
    return in_it(concluded())


def closed() -> Story:
    """A cycle is closed."""
    return in_it(concluded().who("Ines").does("close-cycle"))


def deserted() -> Story:
    """Everybody has left."""
    told = gathered()
    for name in (*MEMBERS, "Ines"):
        told = told.who(name).does("leave-enquiry")
    return in_it(told)


def reporting() -> Story:
    """A report may be published."""
    return in_it(reads_it(decided(), "Grace"))


def telling() -> Story:
    """Members have told of their trials; nobody has read it together yet."""
    told = prepared_to_try()
    for name in SCHOOLS:
        told = accounts(reports(told, name), name)
    meeting = {
        "on": "2026-11-17",
        "chair": person("Petra"),
        "recorder": person("Grace"),
        "attendance": [person("Petra"), person("Grace")],
    }
    told = told.who("Grace").does("open-meeting", msgspec.to_builtins(meeting))
    progress = {"phase": "implementation", "closes_on": "2030-07-19"}
    told = told.who("Ines").does("open-progress-assessment", progress)
    survey = {"instrument": "trust-pulse", "anonymous": True, "closes_on": "2099-01-01"}
    return in_it(told.who("Ines").does("open-survey", {**survey, "min_n": 5}))


def complete_ethics_review(stream: Stream, who: UUID) -> Body:
    """Eleven different questions, and a contact at every school."""
    del stream, who
    return REVIEW


CONTENTS: dict[str, Body] = {
    "focus": {"focus": FOCUS},
    "question": {"question": QUESTION},
    "method_choice": {"method_choice": CHOICE},
    "strategy": {"strategy": STRATEGY},
    "recommendation": {"statement": "Talk first"},
    "next_steps": {"steps": [{"text": "Visit each other"}]},
    "dissemination": {"dissemination": {"audience": "Dunmere", "channel": "A twilight"}},
    "cycle_decision": {"cycle": "another_cycle"},
    "policy_change": {"decision_rule": "majority_by_school"},
    "joint_placement": {"placement": [{"strand": "social-capital", "stage": "leading"}]},
}


def propose_decision(stream: Stream, who: UUID) -> Body:
    """Each kind of decision, in turn, with what it needs."""
    del who
    kind, content = list(CONTENTS.items())[len(stream.events) % len(CONTENTS)]
    return {"kind": kind, **content}


def _open(stream: Stream, who: UUID | None = None) -> list[tuple[UUID, Proposal]]:
    """Proposals that are open, and where it is said, made by somebody; newest last."""
    proposals = stream.live.state.agreement.proposals
    return [
        (id_, one)
        for id_, one in proposals.items()
        if one.status == "open" and one.kind in CONTENTS and who in (None, one.by)
    ]


def revise_proposal(stream: Stream, who: UUID) -> Body:
    """The last one that is open, with the content of its kind."""
    open_ = _open(stream)
    if not open_:
        return {"proposal": who}
    id_, proposal = open_[-1]
    return {"proposal": id_, **CONTENTS[proposal.kind]}


def withdraw_proposal(stream: Stream, who: UUID) -> Body:
    """One's own."""
    open_ = _open(stream, who)
    return {"proposal": open_[-1][0] if open_ else who}


def publish_report(stream: Stream, who: UUID) -> Body:
    """The first there is."""
    reports = list(stream.live.state.reports.reports)
    return {"report": reports[0] if reports else who, "audience": "alliance"}


def record_dissemination(stream: Stream, who: UUID) -> Body:
    """Of the first dissemination that was adopted."""
    adopted = [
        id_
        for id_, one in stream.live.state.agreement.proposals.items()
        if (one.kind, one.status) == ("dissemination", "adopted")
    ]
    told = {"on": "2026-09-15", "consent_basis": "nobody_identifiable"}
    return {"proposal": adopted[0] if adopted else who, **told}


def respond_to_proposal(stream: Stream, who: UUID) -> Body:
    """The last one that is open."""
    proposals = stream.live.state.agreement.proposals
    open_ = [(id_, one) for id_, one in proposals.items() if one.status == "open"]
    id_, version = (open_[-1][0], open_[-1][1].version) if open_ else (who, 1)
    return {"proposal": id_, "version": version, "answer": "agree"}


def place_school(stream: Stream, who: UUID) -> Body:
    """One's own; every second one may be compared."""
    schools = stream.live.state.speaks_for(who)
    strands = [{"strand": "social-capital", "stage": "developing"}]
    comparable = len(stream.events) % 2 == 0
    return {
        "school": schools[0] if schools else who,
        "strands": strands,
        "comparable": comparable,
    }


def advance_phase(stream: Stream, who: UUID) -> Body:
    """The next one."""
    del who
    return {"to": "innovation" if stream.live.stage == "implementation" else "impact"}


def return_to_phase(stream: Stream, who: UUID) -> Body:
    """The first one."""
    del stream, who
    return {"to": "implementation", "reason": "Our question was not the right one"}


def start_next_cycle(stream: Stream, who: UUID) -> Body:
    """Afresh."""
    del stream, who
    return {"entry_phase": "implementation"}


def add_evidence(stream: Stream, who: UUID) -> Body:
    """About nobody."""
    del stream, who
    return EVIDENCE


def draft_impact_claim(stream: Stream, who: UUID) -> Body:
    """On the first piece that stands."""
    stands = [id_ for id_, item in stream.live.state.items.items() if item.stands]
    return {
        "level": "student",
        "statement": "More explain why",
        "direction": "positive",
        "evidence": stands[:1] or [who],
    }


def record_outcomes(stream: Stream, who: UUID) -> Body:
    """Of the first school that this person speaks for."""
    schools = stream.live.state.speaks_for(who) or stream.live.state.schools
    return {"school": schools[0] if schools else who, "outcomes": OUTCOMES}


def assign_next_roles(stream: Stream, who: UUID) -> Body:
    """All three to oneself, in the last meeting that is open."""
    meetings = stream.live.state.meetings.meetings
    open_ = [id_ for id_, one in meetings.items() if not one.closed]
    roles = dict.fromkeys(("organiser", "enquiry_lead", "broker"), who)
    return {"meeting": open_[-1] if open_ else who, **roles}


def record_synthesis(stream: Stream, who: UUID) -> Body:
    """The first step."""
    del who
    return {"trial_cycle": max(stream.live.state.trials.cycle, 1), "patterns": ["Talk helps"]}


def report_trial_status(stream: Stream, who: UUID) -> Body:
    """Of the last trial."""
    trials = list(stream.live.state.trials.trials)
    return {"trial": trials[-1] if trials else who, "status": "deployed"}


def record_form_entry(stream: Stream, who: UUID) -> Body:
    """What a school is asked first."""
    schools = stream.live.state.speaks_for(who) or stream.live.state.schools
    return {
        "phase": "implementation",
        "dimension": "diagnosis",
        "school": schools[0] if schools else who,
        "box": 1,
        "answers": [{"key": "strengths", "text": "We talk a lot"}],
    }


def link_evidence(stream: Stream, who: UUID) -> Body:
    """The first piece that stands, to the first measure."""
    s = stream.live.state
    stands = [id_ for id_, item in s.items.items() if item.stands]
    return {"item": stands[0] if stands else who, "measures": list(s.measures)[:1] or [who]}


def withdraw_account(stream: Stream, who: UUID) -> Body:
    """One's own, of a synthesis that is open."""
    trials = stream.live.state.trials
    closed_ = {number for number, one in trials.syntheses.items() if one.closed}
    own = [
        id_ for id_, one in trials.accounts.items() if one.by == who and one.cycle not in closed_
    ]
    return {"account": own[0] if own else who}


def submit_account(stream: Stream, who: UUID) -> Body:
    """Of the last trial."""
    trials = list(stream.live.state.trials.trials)
    told = {"what_i_did": "We rehearsed", "what_i_experienced": "They asked why"}
    return {"trial": trials[-1] if trials else who, **told}


def start_trial(stream: Stream, who: UUID) -> Body:
    """Of the last strategy, at one's own school."""
    s = stream.live.state
    schools = s.speaks_for(who) or s.schools
    strategies = list(s.trying.strategies)
    return {
        "strategy": strategies[-1] if strategies else who,
        "school": schools[0] if schools else who,
        "begins": "2027-04-13",
    }


def submit_progress_assessment(stream: Stream, who: UUID) -> Body:
    """The first item of the last round that is open."""
    rounds = stream.live.state.progress
    open_ = [id_ for id_, one in rounds.items() if not one.closed]
    item = ITEMS[rounds[open_[-1]].phase][0].key if open_ else "impl_1"
    schools = stream.live.state.schools
    return {
        "assessment": open_[-1] if open_ else who,
        "school": schools[0] if schools else who,
        "responses": [{"item": item, "value": 4}],
    }


def open_progress_assessment(stream: Stream, who: UUID) -> Body:
    """For a long time."""
    del stream, who
    return {"phase": "implementation", "closes_on": "2030-07-19"}


def record_contribution(stream: Stream, who: UUID) -> Body:
    """One's own, to the last meeting that is open."""
    meetings = stream.live.state.meetings.meetings
    open_ = [id_ for id_, one in meetings.items() if not one.closed]
    return {"meeting": open_[-1] if open_ else who, "person": who, "kind": "shared_data"}


def close_progress_assessment(stream: Stream, who: UUID) -> Body:
    """The last that is open."""
    open_ = [id_ for id_, one in stream.live.state.progress.items() if not one.closed]
    return {"assessment": open_[-1] if open_ else who}


def supersede_impact_claim(stream: Stream, who: UUID) -> Body:
    """The first there is."""
    claims = list(stream.live.state.impact.claims)
    return {"claim": claims[0] if claims else who, "reason": "More is known"}


BODIES = {
    "assign-next-roles": assign_next_roles,
    "place-school": place_school,
    "supersede-impact-claim": supersede_impact_claim,
    "close-progress-assessment": close_progress_assessment,
    "record-contribution": record_contribution,
    "close-survey": closes_survey,
    "open-survey": opens_survey,
    "submit-survey": answers_survey,
    "publish-report": publish_report,
    "record-dissemination": record_dissemination,
    "withdraw-proposal": withdraw_proposal,
    "link-evidence": link_evidence,
    "open-progress-assessment": open_progress_assessment,
    "record-form-entry": record_form_entry,
    "start-trial": start_trial,
    "submit-account": submit_account,
    "submit-progress-assessment": submit_progress_assessment,
    "withdraw-account": withdraw_account,
    "add-evidence": add_evidence,
    "advance-phase": advance_phase,
    "complete-ethics-review": complete_ethics_review,
    "draft-impact-claim": draft_impact_claim,
    "propose-decision": propose_decision,
    "record-outcomes": record_outcomes,
    "record-synthesis": record_synthesis,
    "report-trial-status": report_trial_status,
    "respond-to-proposal": respond_to_proposal,
    "return-to-phase": return_to_phase,
    "revise-proposal": revise_proposal,
    "start-next-cycle": start_next_cycle,
}
STARTS = (gathering, preparing, telling, trying, judging, closing, closed, deserted, reporting)

test_conformance = conformance(
    ENQUIRY, world=WORLD, bodies=BODIES, starts=STARTS, walks=3 * (len(STARTS) + 1), moves=25
)
