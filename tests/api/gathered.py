"""A gathering over HTTP: Petra leads, Kelly and Hamish walk along, Declan is the host."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
from tests.api.circle import CIRCLE
from tests.api.world import World, world
from tests.kernel.gathering import GATHERING


class Gathered:
    """The people, and short words for what they do."""

    def __init__(self, here: World) -> None:
        self.here = here
        self.run = ""
        self.people: dict[str, UUID] = {"Petra": here.member, "Ines": here.steward}

    def who(self, name: str) -> str:
        return str(self.people[name])

    async def settle(self) -> None:
        """People come to the school; the run is planned, joined and begun."""
        here = self.here
        shown = await here.get(here.steward, f"/v1/alliances/{here.alliance}/views/directory")
        [school] = shown.json()["schools"]
        self.school = school["school"]
        for name in ("Kelly Shaw", "Hamish Orr", "Declan Byrne"):
            await self.comes(name)
        form = {"purpose": "explore", "title": "How pupils use feedback", "school": self.school}
        path = f"/v1/runs/actions/gathering/plan-run?alliance={here.alliance}"
        planned = await here.post(here.member, path, form)
        assert planned.status_code == 201, planned.text
        self.run = planned.json()["href"]
        for name in ("Kelly", "Hamish"):
            await self.does("Petra", "invite-to-run", person=self.who(name), role="walker")
            await self.does(name, "accept-run-invitation")
        await self.does("Petra", "name-host", person=self.who("Declan"))
        for name in ("Petra", "Kelly", "Hamish"):
            await self.does(name, "adopt-protocol", version=2)
        await self.does("Petra", "start-run")

    async def comes(self, name: str) -> None:
        first = name.partition(" ")[0]
        self.people[first] = uuid4()
        await self.here.at_alliance("add-person", name=name, person=self.who(first))
        await self.here.at_alliance(
            "grant-membership",
            person=self.who(first),
            school=self.school,
            standings=["teacher"],
            since="2026-09-01",
        )

    async def tries(self, name: str, kind: str, **body: Any) -> httpx.Response:
        """Post it, as a decision based on what stands now; ``run`` goes without saying."""
        person = self.people[name]
        seen = await self.here.get(person, self.run)
        tag = {"If_Match": seen.headers["ETag"]} if kind in DECISIONS else {}
        return await self.here.post(person, f"{self.run}/actions/gathering/{kind}", body, **tag)

    async def does(self, name: str, kind: str, **body: Any) -> Any:
        done = await self.tries(name, kind, **body)
        assert done.status_code == 201, done.text
        return done.json()

    async def notes(self, name: str, text: str, about: str = "Declan") -> str:
        """Somebody writes a note; returns its id."""
        done = await self.does(name, "note", about=self.who(about), text=text)
        return next(e["id"] for e in done["events"] if e["kind"] == "gathering/noted")

    async def certify(self, by: str, person: str) -> str:
        """A certificate is issued; returns its id."""
        done = await self.does(by, "issue-certificate", person=self.who(person))
        return next(e["id"] for e in done["events"] if e["kind"] == "run/certificate-issued")


DECISIONS = ("start-run", "close-run", "cancel-run")


@asynccontextmanager
async def gathering(folder: Path) -> AsyncIterator[Gathered]:
    async with world(folder, methods=(CIRCLE, GATHERING)) as here:
        await here.found_alliance()
        made = Gathered(here)
        await made.settle()
        yield made
