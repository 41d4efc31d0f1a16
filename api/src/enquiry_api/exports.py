"""Taking the views and reports of an enquiry along: tables as CSV and workbook, reports to print.

Each is what its reader may see at this moment. Nothing is kept, so nothing outlives a withdrawal.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any

import msgspec

from enquiry.method.rules import Reject
from enquiry_api.answers import HTML, PRIVATE, Answer, tagged
from enquiry_api.asking import Ask, absent
from enquiry_api.edge import Edge, Endpoint, Reply
from enquiry_api.pages import POLICY
from enquiry_api.params import AT, READING, STREAM, Param, instant, uuid_of
from enquiry_api.pictures import HEADERS, NOT_MODIFIED, of_enquiry
from enquiry_api.reading import stream_of
from enquiry_api.reported import PARTS, Document, as_page, document
from enquiry_api.tables import CSV, TABLES, XLSX, Table, as_csv, as_workbook
from enquiry_api.typeset import PDF, as_pdf

_VIEW = Param(
    name="view",
    place="path",
    says="Which view: one that has a table.",
    schema={"type": "string", "enum": sorted(TABLES)},
    read=str,
    required=True,
)
_REPORT = Param(
    name="report",
    place="path",
    says="Id of the report: of the fact that generated it.",
    schema={"type": "string", "format": "uuid"},
    read=uuid_of,
    required=True,
)
Written = Callable[[tuple[Table, ...]], bytes]
Set = Callable[[Document, str], bytes]


def _attached(name: str) -> tuple[bytes, bytes]:
    return (b"content-disposition", f'attachment; filename="{name}"'.encode())


def _table(write: Written, media: bytes, ending: str) -> Callable[[Edge, Ask], Awaitable[Answer]]:
    async def handle(edge: Edge, ask: Ask) -> Answer:
        name = ask.where["view"]
        if name not in TABLES:
            raise absent()
        await of_enquiry(edge, ask)
        at = ask.said.get("at")
        shown = await edge.system.view(ask.asker, stream_of(ask), name, ask.now, at)
        body = await asyncio.to_thread(write, TABLES[name](shown))
        answer = Answer(200, body, (*PRIVATE, _attached(f"{name}.{ending}")), media)
        return tagged(answer, ask.said.get("If-None-Match"))

    return handle


def _report(make: Set, media: bytes, *more: tuple[bytes, bytes]) -> Any:
    async def handle(edge: Edge, ask: Ask) -> Answer:
        told, lang = await _told(edge, ask)
        body = await asyncio.to_thread(make, told, lang)
        return tagged(Answer(200, body, (*PRIVATE, *more), media), ask.said.get("If-None-Match"))

    return handle


async def _told(edge: Edge, ask: Ask) -> tuple[Document, str]:
    """The report as this reader may see it: today's permissions, what stood at its snapshot."""
    stream = stream_of(ask)
    rep = await edge.system.read(ask.asker, stream, ask.now)
    if rep.stream != "enquiry":
        raise absent()
    register = await edge.system.view(ask.asker, stream, "reports", ask.now)
    plain = msgspec.to_builtins(register)
    wanted = ask.where["report"].lower()
    report = next((one for one in plain["reports"] if one["id"] == wanted), None)
    if report is None:
        raise absent()
    at, views = await _snapshot(edge, ask, report), dict[str, Any]()
    for name in PARTS[report["kind"]]:
        try:
            views[name] = await edge.system.view(ask.asker, stream, name, ask.now, at)
        except Reject:
            views[name] = None
    words = await edge.words_within(ask, rep.alliance)
    title = rep.title if isinstance(rep.title, str) else "Report"
    return document(title, report, views), words.lang


async def _snapshot(edge: Edge, ask: Ask, report: Mapping[str, Any]) -> int | datetime:
    """The position at which it was generated; its instant, for whoever may not read that fact."""
    before = str(report["revision"] - 1)
    page = await edge.system.history(ask.asker, stream_of(ask), before, 1)
    for item in page.items:
        if item.revision == report["revision"]:
            return item.position
    return instant(report["at"])


def endpoints() -> tuple[Endpoint, ...]:
    """Every address of exports."""
    view, report = "/v1/enquiries/{id}/views/{view}", "/v1/enquiries/{id}/reports/{report}"
    csv, xlsx = _table(as_csv, CSV, "csv"), _table(as_workbook, XLSX, "xlsx")
    page = _report(as_page, HTML, POLICY)
    pdf = _report(as_pdf, PDF, _attached("report.pdf"))
    return (
        _made(f"{view}/table.csv", "write-enquiry-view", "as a table (CSV)", csv, CSV, _VIEW, AT),
        _made(f"{view}/table.xlsx", "fill-enquiry-view", "as a workbook", xlsx, XLSX, _VIEW, AT),
        _made(f"{report}/page", "read-report", "A report, as a page to print", page, HTML, _REPORT),
        _made(f"{report}/report.pdf", "set-report", "A report, as PDF", pdf, PDF, _REPORT),
    )


def _made(path: str, name: str, title: str, handle: Any, media: bytes, *given: Param) -> Endpoint:
    return Endpoint(
        verb="GET",
        path=path,
        name=name,
        title=title if title[0].isupper() else f"One view of the enquiry {title}",
        tag="enquiries",
        handle=handle,
        budget="exports",
        watched="export",
        params=(STREAM, *given, *READING),
        replies=(
            Reply(status=200, says="Here it is.", media=media, headers=HEADERS),
            NOT_MODIFIED,
        ),
        problems=(404, 503),
    )
