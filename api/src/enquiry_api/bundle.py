"""One's own records as a bag (BagIt 1.0, RFC 8493) in a zip: the same bytes for the same records.

Inside are JSON for programs, JSON Schema that describes it, and a page to read. No clock and no
chance goes into it, so that two copies of one position can be compared byte by byte.
"""

import hashlib
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import IO, Any, cast
from uuid import UUID

import msgspec
from msgspec import Struct

from enquiry.method.entry import Entry, title_of
from enquiry.method.schema import schema_of
from enquiry.runtime.certificates import Certificate
from enquiry.runtime.records import SOMEBODY, Item, Taken, Work
from enquiry_api.certificates import printed, shown
from enquiry_api.pages import page

MEDIA = b"application/zip"
_ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)
_MODE = 0o644 << 16
_BAGIT = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
_LEFT_OUT = "Left out: it is about somebody else."


class Listed(Struct, frozen=True):
    """One stream in the table of contents."""

    stream: UUID
    kind: str
    method: str
    version: int
    title: str
    items: int
    path: str


class Contents(Struct, frozen=True):
    """The table of contents."""

    person: UUID
    position: int
    """Nothing that was recorded behind it is among it."""
    streams: tuple[Listed, ...]
    certificates: tuple[str, ...]


class Written(Struct, frozen=True):
    """What somebody wrote in one stream, as a file."""

    stream: UUID
    alliance: UUID
    kind: str
    method: str
    version: int
    title: str
    items: tuple[Item, ...]


def write(out: IO[bytes], person: UUID, taken: Taken, certificates: Sequence[Certificate]) -> int:
    """Write the whole bag; returns how many files it holds.

    Args:
        out: where to; must be seekable.
        person: whose records they are.
        taken: what they wrote.
        certificates: that name them.
    """
    digests: list[str] = []
    size = count = 0
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:

        def put(path: str, body: bytes) -> None:
            info = zipfile.ZipInfo(path, _ZIP_EPOCH)
            info.create_system, info.external_attr = 3, _MODE
            archive.writestr(info, body, zipfile.ZIP_DEFLATED)

        put("bagit.txt", _BAGIT)
        for path, body in _payload(person, taken, certificates):
            put(path, body)
            digests.append(f"{hashlib.sha256(body).hexdigest()}  {path}\n")
            size, count = size + len(body), count + 1
        put("manifest-sha256.txt", "".join(digests).encode())
        put("bag-info.txt", _info(person, taken, size, count))
    return count


def _info(person: UUID, taken: Taken, size: int, count: int) -> bytes:
    return (
        "External-Description: What one person wrote, and their certificates\n"
        f"External-Identifier: {person}\n"
        f"Payload-Oxum: {size}.{count}\n"
        f"Enquiry-Position: {taken.position}\n"
    ).encode()


def _payload(
    person: UUID, taken: Taken, certificates: Sequence[Certificate]
) -> Iterator[tuple[str, bytes]]:
    listed = [_listed(work) for work in taken.works]
    papers = tuple(f"data/certificates/{one.id}.json" for one in certificates)
    contents = Contents(person, taken.position, tuple(listed), papers)
    yield "data/index.html", _page(taken, certificates)
    yield "data/contents.json", _json(contents)
    for work, line in zip(taken.works, listed, strict=True):
        fields = {name: getattr(work, name) for name in Written.__struct_fields__}
        yield line.path, _json(Written(**fields))
    for one, path in zip(certificates, papers, strict=True):
        yield path, _json(shown(one))
        yield path.removesuffix("json") + "html", printed(one)
    yield "data/schemas/contents.json", _json(msgspec.json.schema(Contents))
    yield "data/schemas/written.json", _json(msgspec.json.schema(Written))
    yield from _shapes(taken)


def _shapes(taken: Taken) -> Iterator[tuple[str, bytes]]:
    """What the fields of each kind of item are, by method version."""
    shapes: dict[str, dict[str, Any]] = {}
    for work in taken.works:
        told = shapes.setdefault(f"{work.method}-{work.version}", {})
        told |= {kind: _shape(fact) for kind, fact in work.facts.items()}
    for name, told in sorted(shapes.items()):
        yield f"data/schemas/{name}.json", _json(dict(sorted(told.items())))


def _shape(fact: type[Entry]) -> Mapping[str, Any]:
    return {"title": title_of(fact), **schema_of(fact)}


def _listed(work: Work) -> Listed:
    path = f"data/{work.kind}-{work.stream}.json"
    return Listed(
        work.stream, work.kind, work.method, work.version, work.title, len(work.items), path
    )


def _json(value: Any) -> bytes:
    return msgspec.json.format(msgspec.json.encode(value), indent=1) + b"\n"


def _page(taken: Taken, certificates: Sequence[Certificate]) -> bytes:
    parts = ["<h1>What you wrote</h1>"]
    parts.append(
        "<p>Everything here is your own and was still to be seen by you. Other people stand here by"
        " the roles they had. The same is in the files beside this page, for programs.</p>"
    )
    if certificates:
        items = "".join(
            f'<li><a href="certificates/{one.id}.html">{escape(one.title)},'
            f" {one.issued_at:%Y-%m-%d}</a></li>"
            for one in certificates
        )
        parts.append(f"<h2>Certificates</h2><ul>{items}</ul>")
    for work in taken.works:
        path = _listed(work).path.removeprefix("data/")
        parts.append(f'<h2>{escape(work.title)}</h2><p><a href="{path}">As JSON</a></p>')
        parts += [_article(work, item) for item in work.items]
    return page("What you wrote", "\n".join(parts))


def _article(work: Work, item: Item) -> str:
    asked = _shape(work.facts[item.kind])["properties"]
    lines = [
        f"<dt>{escape(asked.get(name, {}).get('title', name))}</dt><dd>{_shown(value)}</dd>"
        for name, value in item.data.items()
        if value is not None
    ]
    lang = f' lang="{escape(item.lang)}"' if item.lang else ""
    said = ", ".join(role.replace("-", " ") for role in item.roles)
    return (
        f"<article><h3>{escape(item.title)}</h3>"
        f"<p>{item.recorded_at:%Y-%m-%d %H:%M} UTC{escape(f', as {said}' if said else '')}</p>"
        f"<dl{lang}>{''.join(lines)}</dl></article>"
    )


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return f"<ul>{''.join(f'<li>{_shown(v)}</li>' for v in cast('list[Any]', value))}</ul>"
    if isinstance(value, dict):
        held = cast("dict[str, Any]", value)
        if SOMEBODY in held:
            return escape(", ".join(held[SOMEBODY]).replace("-", " ") or SOMEBODY)
        if "placeholder" in held:
            return _LEFT_OUT
        return "; ".join(f"{escape(name)}: {_shown(v)}" for name, v in held.items())
    if isinstance(value, bool):
        return "yes" if value else "no"
    return escape(str(value))
