"""The pages to read: what there is to choose, one stream at a moment, two moments compared."""

from datetime import datetime
from typing import Any
from urllib.parse import quote

from msgspec import Struct

from enquiry.runtime.terms import Page, Representation
from enquiry_api.answers import Answer
from enquiry_api.asking import Ask
from enquiry_api.auditing.addresses import WORD, made
from enquiry_api.auditing.moments import Moment, Story, moment, sections, stage, story
from enquiry_api.auditing.rendering import page
from enquiry_api.auditing.telling import differences, words
from enquiry_api.edge import Edge, Endpoint
from enquiry_api.params import ALLIANCE, CURSOR, POSITION_MAX, STREAM, Param, instant, whole

LISTED = 100
"""How many streams of a kind stand on one page."""
ROWS = 50
"""How many facts of a timeline stand on one page."""
DIFFERENCES_MAX = 300
"""Beyond it, the page says how many more there are."""
TICKS_MAX = 200
"""Facts that get a tick below the slider; more cannot be told apart."""


def _revision(name: str, says: str, *, required: bool = False) -> Param:
    return Param(
        name=name,
        place="query",
        says=says,
        schema={"type": "integer", "minimum": 1, "maximum": POSITION_MAX},
        read=whole(1, POSITION_MAX),
        required=required,
    )


def _time(text: str) -> datetime | None:
    """What a browser's field for a time says, taken as UTC; nothing, if it is left empty."""
    if not text:
        return None
    return instant(text if text.endswith("Z") else f"{text}{':00' * (text.count(':') < 2)}Z")


_EVENT = _revision("event", "Right after which event: its revision in the stream.")
_TIME = Param(
    name="time",
    place="query",
    says="At which time (UTC); it comes before the event.",
    schema={"type": "string", "maxLength": 40},
    read=_time,
)
_PART = _revision("part", "Which part of the timeline, from 1.")
_FROM = _revision("from", "The earlier moment: right after this event.")
_TO = _revision("to", "The later moment: right after this event.")


class _Chosen(Struct, frozen=True):
    """Streams of one kind, to choose from."""

    word: str
    title: str
    rows: tuple[tuple[Any, str], ...]
    """Summary and title of the stage."""
    more: str
    """The query of the next part; empty at the end."""


async def _choose(edge: Edge, ask: Ask) -> Answer:
    alliance, cursor = ask.said.get("alliance"), ask.said.get("cursor")
    kind = ask.said.get("kind")
    listed: list[_Chosen] = []
    for word, stream in (("alliances", "alliance"), ("enquiries", "enquiry"), ("runs", "run")):
        within = None if stream == "alliance" else alliance
        after = cursor if kind == word else None
        found = await edge.system.streams(ask.asker, stream, after, LISTED, within)
        listed.append(_chosen(edge, word, found, f"alliance={within}&" if within else ""))
    return page("choose", session=ask.session, listed=listed, alliance=alliance, words=words)


def _chosen(edge: Edge, word: str, found: Page, kept: str) -> _Chosen:
    rows = tuple((one, _stage(edge, one)) for one in found.items)
    more = f"?{kept}kind={word}&cursor={quote(found.next)}" if found.next else ""
    return _Chosen(word, words(word), rows, more)


def _stage(edge: Edge, summary: Any) -> str:
    method = edge.installed.method(summary.method, summary.version)
    known = method.stage(summary.stage) if method else None
    return (known.title if known else "") or summary.stage


async def _stream(edge: Edge, ask: Ask) -> Answer:
    told = await story(edge, ask)
    at = ask.said.get("time")
    number = told.number_at(at) if at else told.number_of(ask.said.get("event"))
    one = await moment(edge, ask, told, number)
    parts = -(-len(told.facts) // ROWS)
    part = min(parts, ask.said.get("part", -(-number // ROWS)))
    return page(
        "stream",
        session=ask.session,
        told=told,
        method=_method(edge, told.now),
        one=one,
        sections=sections(one, told.who),
        chart=_chart(one),
        rows=list(enumerate(told.facts, start=1))[(part - 1) * ROWS : part * ROWS],
        part=part,
        parts=parts,
        ticks=told.facts if len(told.facts) <= TICKS_MAX else (),
        stage_now=stage(edge, told.now),
        words=words,
    )


def _method(edge: Edge, rep: Representation) -> str:
    method = edge.installed.method(rep.method, rep.version)
    return method.title if method else rep.method


def _chart(one: Moment) -> str:
    rep = one.rep
    return f"/v1/methods/{rep.method}/versions/{rep.version}/diagram.svg?stage={quote(rep.stage)}"


async def _compare(edge: Edge, ask: Ask) -> Answer:
    told = await story(edge, ask)
    first, last = told.number_of(ask.said.get("from", 1)), told.number_of(ask.said.get("to"))
    before, after = [await moment(edge, ask, told, n) for n in sorted((first, last))]
    found = list(differences(before.plain(), after.plain(), told.who))
    return page(
        "compare",
        session=ask.session,
        told=told,
        sides=[("Earlier", before, _chart(before)), ("Later", after, _chart(after))],
        between=told.facts[before.number : after.number],
        found=found[:DIFFERENCES_MAX],
        over=max(0, len(found) - DIFFERENCES_MAX),
        said=_summed(told, before, after, len(found)),
    )


def _summed(told: Story, before: Moment, after: Moment, found: int) -> str:
    """The differences in one sentence."""
    del told
    if before.number == after.number:
        return "Both moments are the same."
    happened = after.number - before.number
    stages = (
        f"the stage stayed “{after.stage}”"
        if before.stage == after.stage
        else f"the stage went from “{before.stage}” to “{after.stage}”"
    )
    events = "1 event that you may see was" if happened == 1 else f"{happened} events were"
    values = "1 value differs" if found == 1 else f"{found} values differ"
    return f"Between the two, {events} recorded; {stages}; {values}."


def endpoints() -> tuple[Endpoint, ...]:
    """The addresses of what is read."""
    kind = Param(
        name="kind",
        place="query",
        says="Of which list the cursor is.",
        schema=WORD.schema,
        read=str,
    )
    choose = (ALLIANCE, CURSOR, kind)
    stream, compare = (WORD, STREAM, _EVENT, _TIME, _PART), (WORD, STREAM, _FROM, _TO)
    here = "/{word}/{id}"
    return (
        made("", "choose-audited", "What there is to look at", _choose, params=choose),
        made(here, "audit-stream", "One stream at any moment", _stream, params=stream),
        made(f"{here}/compare", "compare-moments", "Two moments", _compare, params=compare),
    )
