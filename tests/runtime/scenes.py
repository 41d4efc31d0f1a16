"""A small alliance in a real System, and short words for acting in it."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from enquiry.runtime.system import System
from enquiry.runtime.terms import Asker, Command, Outcome

NOON = datetime(2026, 11, 3, 12, tzinfo=UTC)


@dataclass
class Scene:
    """Petra leads, Kelly and Amina are guests; Judith belongs to another school."""

    system: System
    alliance: UUID = field(default_factory=uuid4)
    people: dict[str, UUID] = field(default_factory=dict)
    schools: dict[str, UUID] = field(default_factory=dict)
    now: datetime = NOON
    count: int = 0

    def who(self, name: str) -> Asker:
        return Asker(self.people[name])

    async def do(
        self,
        name: str,
        kind: str,
        body: dict[str, Any],
        stream: UUID | None = None,
        *,
        method: str = "notebook",
        key: str | None = None,
        if_match: int | None = None,
        operator: bool = False,
    ) -> Outcome:
        self.count += 1
        person = self.people.setdefault(name, uuid4())
        return await self.system.act(
            Command(
                asker=Asker(person, operator),
                method=method,
                kind=kind,
                body=json.dumps(body).encode(),
                key=key or f"key-{self.count}",
                now=self.now,
                stream=stream,
                alliance=None if operator else self.alliance,
                if_match=if_match,
            )
        )

    async def settle(self) -> None:
        """Found the alliance, with two schools and four people."""
        self.people["Nasreen"] = uuid4()
        made = await self.do(
            "Olga",
            "create-alliance",
            {"name": "Calder", "steward": str(self.people["Nasreen"]), "steward_name": "Nasreen"},
            method="alliance",
            operator=True,
        )
        self.alliance = made.stream
        for school in ("Ashlow", "Beck Road"):
            zone = {"name": school, "zone": "Europe/London"}
            added = await self.ally("Nasreen", "add-school", zone)
            self.schools[school] = added.events[0].id
        for name, school, standing in (
            ("Petra Novák", "Beck Road", "teacher"),
            ("Kelly Rowe", "Beck Road", "teacher"),
            ("Amina Yusuf", "Beck Road", "governor"),
            ("Judith Crane", "Ashlow", "leader"),
        ):
            added = await self.ally("Nasreen", "add-person", {"name": name})
            person = added.events[0].id
            self.people[name.split()[0]] = person
            grant = {
                "person": str(person),
                "school": str(self.schools[school]),
                "standings": [standing],
                "since": "2026-09-01",
            }
            await self.ally("Nasreen", "grant-membership", grant)

    async def ally(self, name: str, kind: str, body: dict[str, Any]) -> Outcome:
        return await self.do(name, kind, body, self.alliance, method="alliance")

    async def notebook(self, *guests: str) -> UUID:
        opened = await self.do("Petra", "open-notebook", self.titled("Feedback in Year 6"))
        for guest in guests:
            await self.do("Petra", "add-guest", {"person": str(self.people[guest])}, opened.stream)
        return opened.stream

    async def note(self, name: str, about: str, text: str, stream: UUID, **more: Any) -> Outcome:
        body = {"about": str(self.people[about]), "text": text}
        return await self.do(name, "write-note", body, stream, **more)

    def titled(self, title: str) -> dict[str, str]:
        return {"title": title, "school": str(self.schools["Beck Road"])}

    def later(self, **by: float) -> None:
        self.now += timedelta(**by)
