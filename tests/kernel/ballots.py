"""A group of people over a real System who are asked in surveys."""

from typing import Any
from uuid import UUID, uuid4

from tests.kernel.polling import POLLING
from tests.kernel.systems import over
from tests.runtime.scenes import Scene

from enquiry.kernel.methods import KERNEL
from enquiry.kernel.surveys.state import box_of
from enquiry.log.memory import MemoryLog
from enquiry.method.registry import load
from enquiry.privacy.source import KeyFile
from enquiry.runtime.terms import Outcome

GROUP = ("Kelly", "Amina", "Ali", "Bea", "Cy", "Dee")
TRUST = ("say-what-i-think", "admit-not-knowing", "keep-word", "kept-here", "gain")


class Poll:
    """Petra leads; Kelly and Amina and four more of Beck Road take part; Judith does not."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.stream: UUID = uuid4()
        self.survey: UUID = uuid4()

    @property
    def boxes(self) -> Any:
        return self.scene.system._writer._boxes  # pyright: ignore[reportPrivateUsage]

    async def settle(self, *, reviewed: bool = True) -> None:
        await self.scene.settle()
        for name in GROUP[2:]:
            added = await self.scene.ally("Nasreen", "add-person", {"name": f"{name} Okafor"})
            self.scene.people[name] = added.events[0].id
            grant = {
                "person": str(self.scene.people[name]),
                "school": str(self.scene.schools["Beck Road"]),
                "standings": ["teacher"],
                "since": "2026-09-01",
            }
            await self.scene.ally("Nasreen", "grant-membership", grant)
        form = {
            "people": [str(self.scene.people[name]) for name in GROUP],
            "schools": [str(self.scene.schools["Beck Road"])],
        }
        self.stream = (await self.do("Petra", "open-polling", form, new=True)).stream
        if reviewed:
            await self.do("Petra", "review-ethics", {})

    async def do(
        self, name: str, kind: str, form: dict[str, Any], *, new: bool = False, **more: Any
    ) -> Outcome:
        stream = None if new else self.stream
        return await self.scene.do(name, kind, form, stream, method="polling", **more)

    async def opens(self, name: str = "Petra", **more: Any) -> UUID:
        form = {"instrument": "trust-pulse", "anonymous": True, "closes_on": "2026-11-10"}
        self.survey = (await self.do(name, "open-survey", {**form, **more})).events[0].id
        return self.survey

    async def answers(
        self, name: str, value: int = 4, comment: str | None = None, **more: Any
    ) -> Outcome:
        given = [{"item": item, "value": value} for item in more.pop("items", TRUST)]
        form: dict[str, Any] = {"survey": str(self.survey), "answers": given}
        if comment is not None:
            form["comment"] = comment
        return await self.do(name, "submit-survey", form, **more)

    async def closes(self, name: str = "Petra") -> Outcome:
        seen = await self.scene.system.read(self.scene.who(name), self.stream, self.scene.now)
        form = {"survey": str(self.survey)}
        return await self.do(name, "close-survey", form, if_match=seen.revision)

    async def seen(self, name: str) -> Any:
        """The survey, as somebody sees it."""
        found = await self.scene.system.view(
            self.scene.who(name), self.stream, "surveys", self.scene.now
        )
        (mine,) = [one for one in found["surveys"] if one["survey"] == str(self.survey)]
        return mine

    async def everything(self) -> list[bytes]:
        """Every byte of the log, sealed values opened or not."""
        events = await self.scene.system.log.read_all(0, 10_000)
        return [event.body for event in events]

    async def state(self) -> Any:
        """The group, folded."""
        found = await self.scene.system._streams.get(self.stream)  # pyright: ignore[reportPrivateUsage]
        return found.live.state if found else None

    async def box(self) -> Any:
        return await self.boxes.read(box_of(self.survey))


def poll(folder: Any) -> Poll:
    registry = load(builtins=(*KERNEL, POLLING), points=())
    return Poll(Scene(over(MemoryLog(), registry, KeyFile.create(folder / "keys"))))
