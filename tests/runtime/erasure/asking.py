"""A scene in which somebody asks to be forgotten, and somebody answers for data."""

from datetime import timedelta
from uuid import UUID

from tests.runtime.scenes import Scene

from enquiry.kernel.alliance.erasures import Erasure
from enquiry.privacy.ledger import Ledger
from enquiry.runtime.erasure.flow import Erasures
from enquiry.runtime.streams import Streams

WORD = "chrysanthemum"
OTHER = "marigold"


def erasures(scene: Scene, ledger: Ledger) -> Erasures:
    return Erasures(scene.system.log, scene.system.registry, ledger, scene.system.forget)


async def written(scene: Scene) -> UUID:
    """Petra wrote about Kelly, and Kelly about herself, in one notebook."""
    stream = await scene.notebook("Kelly")
    await scene.note("Petra", "Kelly", f"A vase of {OTHER}", stream)
    await scene.note("Kelly", "Kelly", f"A vase of {WORD}", stream)
    return stream


async def asks(scene: Scene, name: str, about: str | None = None) -> UUID:
    body = {} if about is None else {"person": str(scene.people[about])}
    return (await scene.ally(name, "request-erasure", body)).events[0].id


async def decides(scene: Scene, name: str, kind: str, request: UUID, **more: object) -> None:
    revision = (await scene.system.log.revisions([scene.alliance]))[scene.alliance]
    await scene.do(
        name,
        kind,
        {"request": str(request), **more},
        scene.alliance,
        method="alliance",
        if_match=revision,
    )


async def granted(scene: Scene, name: str = "Kelly") -> UUID:
    request = await asks(scene, name)
    await decides(scene, "Nasreen", "grant-erasure", request)
    return request


async def stands(scene: Scene, request: UUID) -> Erasure:
    known = await Streams(scene.system.log, scene.system.registry).fresh((scene.alliance,))
    return known[scene.alliance].live.state.erasures[request]


async def holds(scene: Scene, **over: object) -> UUID:
    until = (scene.now + timedelta(days=30)).date().isoformat()
    body = {"basis": "legal", "reason": "There is a claim", "until": until, **over}
    return (await scene.ally("Nasreen", "place-hold", body)).events[0].id


async def notes(scene: Scene, stream: UUID) -> list[object]:
    page = await scene.system.view(scene.who("Petra"), stream, "page", scene.now)
    return [note["text"] for note in page["notes"]]
