"""An enquiry of many schools and members, worked on for as long as one likes, by real commands."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from enquiry.kernel.enquiry.ethics.forms import EthicsKey
from enquiry.kernel.enquiry.focus.state import Test
from enquiry.kernel.enquiry.norms.state import Principle
from enquiry.kernel.enquiry.progress.items import ITEMS
from enquiry.runtime.system import System
from enquiry.runtime.terms import Asker, Command, Outcome

GAP = timedelta(seconds=20)
SAID = "We rehearsed aloud before writing, and more pupils said why"
FIRST = "Asta Bodil Carola Doris Edda Frida Gudrun Hedda Inga Jorun Karin Liv Maren Nele Odin Palle"
LAST = "Aho Borg Dahl Ekman Falk Gran Holm Isak Juhl Kjaer Lunde Moberg Nygren Olsen Palm Quist"
YEAR = {
    "label": "2026/27",
    "first": "2026-09-01",
    "until": "2027-09-01",
    "terms": [{"label": "all", "first": "2026-09-01", "until": "2027-07-20"}],
}
MEASURE = {
    "name": "Share of full explanations",
    "level": "student",
    "kind": "proportion",
    "unit": "%",
    "population": "Year 6 and Year 7",
    "target": 60,
    "recognise": "Because is followed by a cause",
    "data_needed": "The task, marked by two",
    "exists": "The task is to be set",
    "method_and_why": "Work samples: they show the reasoning",
    "appropriate": "It is ordinary practice",
}
EVIDENCE = {
    "level": "student",
    "type": "pre_post_test",
    "collection_method": "work_sample",
    "respondents": "pupils",
    "collected_on": "2026-11-21",
    "text": "Nine of twelve name a cause",
}
SYNTHESIS = {
    "patterns": ["More pupils say why"],
    "themes": ["Talk before writing"],
    "prompts": {
        "evidence_tells": "Talk helps",
        "adjustment_needed": "Partners first",
        "fits_expectation": "Mostly",
        "shared_view_reached": "yes",
        "way_forward_agreed": "yes",
    },
    "decision": "retrial_refined",
}


class Alliance:
    """Schools and the people who work there."""

    def __init__(self, system: System, schools: int, members: int) -> None:
        """Nothing is recorded yet."""
        self.system = system
        self.now = datetime(2026, 11, 3, 9, tzinfo=UTC)
        self.id = uuid4()
        self.steward = uuid4()
        self.schools: list[UUID] = []
        self.people: list[UUID] = []
        self._sizes = schools, members
        self._revision = 0

    async def send(self, who: UUID, kind: str, form: Any, **more: Any) -> Outcome:
        """One command, a moment after the last."""
        self.now += GAP
        asked: dict[str, Any] = {"asker": Asker(who), "method": "enquiry", **more}
        body = json.dumps(form, default=str).encode()
        command = Command(kind=kind, body=body, key=uuid4().hex, now=self.now, **asked)
        return await self.system.act(command)

    async def settle(self) -> None:
        """Every school with its year, everybody with a school."""
        schools, members = self._sizes
        form = {"name": "Calder", "steward": self.steward, "steward_name": "Nasreen"}
        operator = Asker(uuid4(), operator=True)
        founding = {"asker": operator, "method": "alliance"}
        founded = await self.send(operator.person, "create-alliance", form, **founding)
        self.id, self._revision = founded.stream, founded.revision
        for number in range(schools):
            zone = {"name": f"School {number}", "zone": "Europe/London"}
            self.schools.append(await self._does("add-school", zone))
            here = {"school": self.schools[-1]}
            await self._does("set-school-week", {**here, "weekdays": [1, 2, 3, 4, 5]})
            await self._does("set-academic-year", {**here, **YEAR})
        names = [f"{first} {last}" for first in FIRST.split() for last in LAST.split()]
        for number in range(members):
            name = names[number % len(names)] + " von Tyr" * (number // len(names))
            self.people.append(await self._does("add-person", {"name": name}))
            grant = {"person": self.people[-1], "school": self.schools[number % schools]}
            await self._does(
                "grant-membership", {**grant, "standings": ["teacher"], "since": "2026-09-01"}
            )

    async def _does(self, kind: str, form: Any) -> UUID:
        live = {"stream": self.id, "method": "alliance", "if_match": self._revision}
        done = await self.send(self.steward, kind, form, **live)
        self._revision = done.revision
        return done.events[0].id


class Group:
    """One enquiry in which the whole alliance takes part. The first of its people facilitates."""

    def __init__(self, alliance: Alliance) -> None:
        """Not opened yet."""
        self.alliance = alliance
        self.id = uuid4()
        self.revision = 0
        self.ines = alliance.people[0]
        self.members = alliance.people[1:]
        self.voices = dict(zip(alliance.schools, self.members, strict=False))
        """Who responds for which school."""
        self.strategy = self.measure = self.proposal = self.assessment = uuid4()
        self.measures: list[UUID] = []
        self.cycle = 0

    async def does(self, who: UUID, kind: str, form: Any = None) -> UUID:
        """One action; returns the id of its fact."""
        seen = {"stream": self.id, "if_match": self.revision}
        done = await self.alliance.send(who, kind, form or {}, **seen)
        self.revision = done.revision
        return done.events[0].id if done.events else self.id

    async def gather(self) -> None:
        """Opened, joined by everybody, launched."""
        form = {"title": "Explaining cause and effect", "schools": self.alliance.schools}
        opening = {"alliance": self.alliance.id}
        opened = await self.alliance.send(self.members[0], "create-enquiry", form, **opening)
        self.id, self.revision = opened.stream, opened.revision
        await self.does(self.members[0], "name-facilitator", {"person": self.ines})
        for person in self.members[1:]:
            await self.does(self.members[0], "invite-member", {"person": person})
            await self.does(person, "accept-invitation")
        for school, person in self._of_schools():
            rep = {"school": school, "person": person}
            await self.does(self.ines, "name-decision-rep", rep)
        await self.does(self.ines, "launch-enquiry")

    def _of_schools(self) -> Sequence[tuple[UUID, UUID]]:
        schools, people = self.alliance.schools, self.alliance.people
        found = [(one, people[number + len(schools)]) for number, one in enumerate(schools)]
        self.voices = dict(found)
        return found

    async def prepare(self) -> None:
        """Everything before the first gate, the gate, and a first trial."""
        norms = [{"principle": one, "text": "Another of us leads"} for one in Principle]
        await self.does(self.members[0], "propose-norms", {"items": norms})
        for person in self.voices.values():
            await self.does(person, "adopt-norms", {"version": 1})
        focus = {
            "title": "Explaining cause and effect",
            "student_learning_link": "Pupils name a result but not why it follows",
            "data_sources": ["Reading tests 2026"],
        }
        await self.agree("focus", focus=focus)
        wording = "Does spoken rehearsal raise the share of full explanations?"
        question = {"wording": wording, "data_used": ["Reading tests 2026"]}
        asked = await self.propose("question", question=question)
        tests = [{"test": test, "verdict": "yes"} for test in Test]
        await self.does(
            self.members[0], "answer-question-tests", {"proposal": asked, "tests": tests}
        )
        await self.adopt(asked)
        await self._review()
        for school, person in self.voices.items():
            row = {"form": "implementation", "school": school}
            await self.does(
                person, "record-overview-row", {**row, "individual_priority": "Explanations"}
            )
        choice = {"method": "learning-walk", "purpose": "explore", "reason": "Many rooms"}
        experience = [{"school": self.alliance.schools[0], "used": "tried"}]
        await self.agree("method_choice", method_choice=choice, experience=experience)
        tried = {"title": "Say it before you write it", "distance": "near", "extent": "minor"}
        await self.agree("strategy", strategy=tried)
        self.measures.append(await self._measure())
        await self.does(self.ines, "advance-phase", {"to": "innovation"})

    async def _review(self) -> None:
        answers = [{"key": key, "answer": f"About {key}"} for key in EthicsKey]
        flags = (
            "sensitive_data_planned",
            "parental_consent_needed",
            "external_dissemination",
            "research_only_activities",
        )
        contacts = [{"school": one, "person": who} for one, who in self.voices.items()]
        review = {"answers": answers, "flags": dict.fromkeys(flags, False), "contacts": contacts}
        await self.does(self.ines, "complete-ethics-review", review)

    async def _measure(self) -> UUID:
        made = await self.does(self.members[0], "define-measure", MEASURE)
        baseline = {"measure": made, "on": "2026-10-08", "value": 41}
        await self.does(self.members[0], "record-baseline", baseline)
        return made

    async def propose(self, kind: str, **content: Any) -> UUID:
        """Somebody proposes something."""
        return await self.does(self.members[0], "propose-decision", {"kind": kind, **content})

    async def adopt(self, proposal: UUID) -> None:
        """Every school agrees; a facilitator says so."""
        for person in self.voices.values():
            form = {"proposal": proposal, "version": 1, "answer": "agree"}
            await self.does(person, "respond-to-proposal", form)
        await self.does(self.ines, "adopt-proposal", {"proposal": proposal})
        self.strategy = proposal

    async def agree(self, kind: str, **content: Any) -> None:
        """Proposed and adopted."""
        await self.adopt(await self.propose(kind, **content))

    async def leave_open(self) -> None:
        """A proposal to respond to, and an assessment to take part in."""
        self.proposal = await self.propose("next_steps", steps=[{"text": "Read again in March"}])
        self.assessment = await self.assess()

    async def assess(self) -> UUID:
        """An assessment of the present phase is open."""
        form = {"phase": "innovation", "closes_on": "2027-06-01"}
        return await self.does(self.ines, "open-progress-assessment", form)

    def assessed(self, number: int) -> dict[str, Any]:
        """What somebody answers."""
        school = self.alliance.schools[number % len(self.alliance.schools)]
        keys = [item.key for item in ITEMS["innovation"]]  # pyright: ignore[reportArgumentType]
        responses = [{"item": key, "value": 3 + number % 3} for key in keys]
        return {"assessment": self.assessment, "school": school, "responses": responses}

    async def work(self, strategy: UUID) -> None:
        """One trial cycle, with everything that groups do besides: some 2,000 events."""
        self.cycle += 1
        trials = await self._try(strategy)
        while len(self.measures) < 4 * self.cycle:
            self.measures.append(await self._measure())
        items = [await self._bring(number) for number in range(300)]
        for number in range(180):
            one = self.measures[number % len(self.measures)]
            reading = {"measure": one, "on": "2026-11-20", "value": 40 + number % 30}
            await self.does(self.members[number], "record-reading", reading)
        self.assessment = await self.assess()
        for number, person in enumerate(self.members):
            await self.does(person, "submit-progress-assessment", self.assessed(number))
        for _ in range(6):
            await self.agree("next_steps", steps=[{"text": "Read again in March"}])
        await self._meet()
        for number in range(6):
            await self._claim(items[number : number + 2])
        await self._read(trials)

    async def _try(self, strategy: UUID) -> list[UUID]:
        trials: list[UUID] = []
        for school, person in self.voices.items():
            form = {"strategy": strategy, "school": school, "begins": "2026-11-09"}
            trials.append(await self.does(person, "start-trial", form))
            status = {"trial": trials[-1], "status": "deployed"}
            await self.does(person, "report-trial-status", status)
        return trials

    async def _bring(self, number: int) -> UUID:
        linked = [self.measures[number % len(self.measures)]]
        person = self.members[number % len(self.members)]
        return await self.does(person, "add-evidence", {**EVIDENCE, "measures": linked})

    async def _meet(self) -> None:
        for number in range(4):
            chair, recorder, *others = self.members[number * 13 :][:14]
            everybody = {"chair": chair, "recorder": recorder, "attendance": self.members}
            meeting = await self.does(self.ines, "open-meeting", {"on": "2026-11-24", **everybody})
            for person in others:
                part = {"meeting": meeting, "person": person, "kind": "shared_practice"}
                await self.does(recorder, "record-contribution", part)
            roles = dict(zip(("organiser", "enquiry_lead", "broker"), others, strict=False))
            await self.does(recorder, "assign-next-roles", {"meeting": meeting, **roles})
            over = {"meeting": meeting, "norms_reviewed": True}
            await self.does(recorder, "close-meeting", over)

    async def _claim(self, evidence: Sequence[UUID]) -> None:
        claim = {"level": "student", "statement": "More explain fully", "direction": "positive"}
        made = await self.does(
            self.members[0], "draft-impact-claim", {**claim, "evidence": evidence}
        )
        verdicts = dict.fromkeys(("validity", "triangulation", "reliability"), "yes")
        await self.does(self.members[0], "answer-impact-tests", {"claim": made, **verdicts})

    async def _read(self, trials: Sequence[UUID]) -> None:
        """Every school accounts for its trial; whoever else does not is reminded."""
        for number in range(2 * len(trials)):
            account = {"trial": trials[number % len(trials)]}
            said = {"what_i_did": SAID, "what_i_experienced": SAID}
            person = self.members[(number + len(trials)) % len(self.members)]
            await self.does(person, "submit-account", {**account, **said})
        here = {"trial_cycle": self.cycle}
        await self.does(self.members[0], "record-synthesis", {**here, **SYNTHESIS})
        await self.does(self.members[0], "close-synthesis", here)
        await self.does(self.ines, "complete-trial-cycle", here)
