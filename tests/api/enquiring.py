"""An enquiry over HTTP: Petra opens it for her school, Ines facilitates, Nia joins later."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
from tests.api.world import World, world

DECISIONS = frozenset(
    {
        "launch-enquiry",
        "pause-enquiry",
        "name-facilitator",
        "name-decision-rep",
        "define-measure",
        "record-baseline",
        "record-overview-row",
        "draft-impact-claim",
    }
)
MEASURE: dict[str, Any] = {
    "name": "Share of full explanations",
    "level": "student",
    "kind": "proportion",
    "unit": "%",
    "population": "Year 6",
    "target": 60,
}
PRIORITY = '=HYPERLINK("x.example","Pupils say what, not why")'
"""What somebody may have pasted: a program would take it for a formula."""


class Enquiring:
    """The people, and short words for what they do."""

    def __init__(self, here: World) -> None:
        self.here = here
        self.enquiry: str = ""
        self.school: str = ""
        self.measure: str = ""
        self.evidence: str = ""
        self.report: str = ""

    async def settle(self) -> None:
        """It is launched; there is a measure with a baseline, a row, evidence and a report."""
        here = self.here
        shown = await here.get(here.steward, f"/v1/alliances/{here.alliance}/views/directory")
        self.school = shown.json()["schools"][0]["school"]
        path = f"/v1/enquiries/actions/enquiry/create-enquiry?alliance={here.alliance}"
        form = {"title": "Explaining cause and effect", "schools": [self.school]}
        made = await here.post(here.member, path, form)
        assert made.status_code == 201, made.text
        self.enquiry = made.json()["href"]
        await self.does("name-facilitator", person=str(here.steward))
        await self.does("launch-enquiry")
        self.measure = await self.does("define-measure", steward=False, **MEASURE)
        await self.does("record-baseline", measure=self.measure, on="2026-10-08", value=41)
        await self.does(
            "record-overview-row",
            form="implementation",
            school=self.school,
            individual_priority=PRIORITY,
        )
        self.evidence = await self.does(
            "add-evidence",
            level="student",
            type="pre_post_test",
            collection_method="work_sample",
            respondents="pupils",
            collected_on="2026-11-10",
            text="Nine of twelve name a cause",
        )
        self.report = await self.does(
            "generate-report", steward=True, kind="impact", where_we_are="Half way, <b>boldly</b>"
        )

    async def does(self, kind: str, /, *, steward: bool = False, **body: Any) -> str:
        """Do it, as a decision on what stands now; the id of the first fact."""
        person = self.here.steward if steward else self.here.member
        seen = await self.here.get(person, self.enquiry)
        tag = {"If_Match": seen.headers["ETag"]} if kind in DECISIONS else {}
        path = f"{self.enquiry}/actions/enquiry/{kind}"
        done = await self.here.post(person, path, body, **tag)
        assert done.status_code == 201, done.text
        return str(done.json()["events"][0]["id"])

    async def get(self, path: str, *, stranger: bool = False, **said: str) -> httpx.Response:
        """Read something below the enquiry."""
        person = self.here.stranger if stranger else self.here.member
        return await self.here.get(person, f"{self.enquiry}{path}", **said)


@asynccontextmanager
async def enquiring(folder: Path) -> AsyncGenerator[Enquiring]:
    """The enquiry for the time of one test."""
    async with world(folder) as here:
        await here.found_alliance()
        made = Enquiring(here)
        await made.settle()
        yield made
