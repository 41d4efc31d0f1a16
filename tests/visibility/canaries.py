"""Words that nobody would write, one in each personal text, so that it is found anywhere."""

import hashlib
import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

import msgspec

from enquiry.method.entry import Entry
from enquiry.method.texts import texts

_WORD = re.compile(r"qz[a-z]{10}")
_PLANTED = re.compile(rf" {_WORD.pattern}")
_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_LETTERS = "abcdefghijklmnop"


def word_for(*where: object) -> str:
    """The same word for the same place, another for every other."""
    digest = hashlib.blake2b("\n".join(map(str, where)).encode(), digest_size=5).hexdigest()
    return "qz" + "".join(_LETTERS[int(figure, 16)] for figure in digest)


def planted(body: Any, entry: type[Entry], *where: object) -> Any:
    """A form as it was filled in, with a word of its own behind each personal text.

    A body that the form does not take (a story tells that it is refused) stays as it is. Names of
    people stay, too: they are words of their own.
    """
    raw = msgspec.json.encode(body)
    try:
        form = msgspec.json.decode(raw, type=entry)
    except msgspec.MsgspecError:
        return body
    made: Any = msgspec.json.decode(raw)
    for at in texts(form):
        if at.field.subject is None or at.field.kind == "identity":
            continue
        holder: Any = made
        for step in at.path[:-1]:
            holder = holder[step]
        holder[at.path[-1]] = f"{at.value} {word_for(*where, at.pointer)}"
    return made


def unplanted(value: Any) -> Any:
    """A JSON value without the words that were planted in it."""
    text = msgspec.json.encode(value).decode()
    return msgspec.json.decode(_PLANTED.sub("", text))


def words_in(value: Any) -> frozenset[str]:
    """Every planted word in a JSON value or a text."""
    text = value if isinstance(value, str) else msgspec.json.encode(value).decode()
    return frozenset(_WORD.findall(text))


def ids_in(value: Any) -> frozenset[UUID]:
    """Every id in a JSON value or a text."""
    text = value if isinstance(value, str) else msgspec.json.encode(value).decode()
    return frozenset(map(UUID, _ID.findall(text)))


def readable(body: bytes, media: str) -> str:
    """What a body says, whatever it is packed in."""
    if "zip" in media or body[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            return "\n".join(f"{name}\n{_said(packed.read(name))}" for name in packed.namelist())
    text = _said(body)
    # Calendars and mail fold their lines, which would part a word in two.
    return re.sub(r"\r?\n[ \t]", "", text) if "calendar" in media else text


def _said(content: bytes) -> str:
    return content.decode("utf-8", "replace")


def things(value: Any) -> Iterator[dict[str, Any]]:
    """Every object within a JSON value, the innermost last."""
    if isinstance(value, dict):
        inner: dict[str, Any] = value  # pyright: ignore[reportUnknownVariableType]
        yield inner
        for one in inner.values():
            yield from things(one)
    elif isinstance(value, list):
        for one in value:  # pyright: ignore[reportUnknownVariableType]
            yield from things(one)


def plain_ids(value: dict[str, Any]) -> frozenset[UUID]:
    """Ids that stand in an object itself, not in one within it."""
    own: Iterable[Any] = (one for one in value.values() if isinstance(one, str))
    return frozenset(UUID(one) for one in own if _ID.fullmatch(one))
