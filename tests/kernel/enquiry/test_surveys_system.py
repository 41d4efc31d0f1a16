"""Answering within an enquiry, over a real System: what is refused, and what is kept."""

from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from tests.kernel.enquiry.group import ANSWERS, FLAGS
from tests.kernel.systems import methods, over
from tests.runtime.scenes import Scene

from enquiry.log.memory import MemoryLog
from enquiry.method.rules import Reject
from enquiry.privacy.source import KeyFile

PULSE = {"instrument": "trust-pulse", "anonymous": True, "closes_on": "2026-11-20"}


class Asked:
    """Petra facilitates, Kelly is a member; both are of Beck Road."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.enquiry: UUID | None = None
        self.survey = ""

    async def do(self, name: str, kind: str, form: dict[str, Any]) -> Any:
        more: dict[str, Any] = {}
        if self.enquiry is not None:
            shown = await self.scene.system.read(
                self.scene.who("Petra"), self.enquiry, self.scene.now
            )
            more["if_match"] = shown.revision
        return await self.scene.do(name, kind, form, self.enquiry, method="enquiry", **more)

    async def settle(self) -> None:
        await self.scene.settle()
        school = str(self.scene.schools["Beck Road"])
        petra, kelly = (str(self.scene.people[name]) for name in ("Petra", "Kelly"))
        form = {"title": "Explaining cause and effect", "schools": [school], "scope": "school"}
        self.enquiry = (await self.do("Petra", "create-enquiry", form)).stream
        await self.do("Petra", "name-facilitator", {"person": petra})
        await self.do("Petra", "invite-member", {"person": kelly})
        await self.do("Kelly", "accept-invitation", {})
        contacts = [{"school": school, "person": petra}]
        review = {"answers": ANSWERS, "flags": FLAGS, "contacts": contacts}
        await self.do("Petra", "complete-ethics-review", review)
        self.survey = str((await self.do("Petra", "open-survey", PULSE)).events[0].id)

    async def answers(self, comment: str) -> Any:
        form = {"survey": self.survey, "answers": [{"item": "gain", "value": 2}]}
        return await self.do("Kelly", "submit-survey", {**form, "comment": comment})


@pytest.fixture
async def asked(tmp_path: Path) -> Asked:
    made = Asked(Scene(over(MemoryLog(), methods(), KeyFile.create(tmp_path / "keys"))))
    await made.settle()
    return made


async def test_no_anonymous_comment_names_a_colleague(asked: Asked) -> None:
    with pytest.raises(Reject) as refused:
        await asked.answers("Ms Novák never listens.")
    assert refused.value.code == "IDENTIFYING_TEXT"
    made = await asked.answers("We could listen to each other more.")
    assert [event.kind for event in made.events] == ["enquiry/survey-response-submitted"]


async def test_words_that_judge_leave_no_remark_on_record(asked: Asked) -> None:
    made = await asked.answers("Our meetings are excellent.")
    assert made.warnings == ()
