"""Labels over HTTP: every key with its text, for frontends that draw more than they are told."""

import re
from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from enquiry_api.answers import SHARED, Answer, encode, tagged
from enquiry_api.asking import Ask
from enquiry_api.edge import Access, Edge, Endpoint, Reply
from enquiry_api.labels import by_package
from enquiry_api.params import IF_NONE_MATCH, Param
from enquiry_api.reading import ref

_NAME = re.compile(r"[a-z][a-z0-9-]{0,99}")


def _name(text: str) -> str:
    if not _NAME.fullmatch(text):
        raise ValueError("It is the name of a method or a part, such as run.")
    return text


_OWNER = Param(
    name="owner",
    place="query",
    says="Only labels of this method or part: what stands before the first dot of a key.",
    schema={"type": "string", "pattern": f"^{_NAME.pattern}$"},
    read=_name,
)


class LabelList(Struct, frozen=True):
    """Labels in one language."""

    lang: str
    """The language that was chosen (BCP 47)."""
    languages: tuple[str, ...]
    """Every language that can be."""
    items: Mapping[str, str]
    """Text by key, in order of the keys; in English where it is not translated."""
    english: tuple[str, ...]
    """Keys that stand there in English because nobody has translated them."""


def endpoints() -> tuple[Endpoint, ...]:
    """The address of labels. It is open: it says nothing of anybody."""
    read: dict[str, str] = {}

    async def handle(edge: Edge, ask: Ask) -> Answer:
        if not read:
            for told in by_package(edge.installed.methods).values():
                read.update(told)
        owner, words = ask.said.get("owner"), edge.words(ask)
        wanted = {
            key: text
            for key, text in sorted(read.items())
            if owner is None or key.partition(".")[0] == owner
        }
        said = {key: words.say(text, key.partition(".")[0]) for key, text in wanted.items()}
        same = () if words.plain else tuple(k for k, text in said.items() if text == wanted[k])
        made: Any = LabelList(words.lang, edge.languages.available, said, same)
        return tagged(Answer(200, encode(made), SHARED), ask.said.get("If-None-Match"))

    return (
        Endpoint(
            verb="GET",
            path="/v1/labels",
            name="list-labels",
            title="Every label by its key, in the language that you ask for",
            tag="methods",
            handle=handle,
            access=Access.OPEN,
            params=(_OWNER, IF_NONE_MATCH),
            replies=(
                Reply(
                    status=200,
                    says="They.",
                    schema=ref("LabelList"),
                    headers=("ETag", "Cache-Control"),
                ),
                Reply(status=304, says="You hold it already.", media=None, headers=("ETag",)),
            ),
        ),
    )
