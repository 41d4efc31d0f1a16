"""The record of processing, written out of the fields that methods declare as personal.

Run as a module, it writes `docs/processing.md` anew.
"""

import importlib
from collections.abc import Iterator
from typing import NamedTuple

from tests.house.tree import ROOT, plugins

from enquiry.kernel.methods import KERNEL
from enquiry.method.core_facts import CORE
from enquiry.method.entry import Entry, title_of
from enquiry.method.method import Method
from enquiry.method.texts import slots_of

PAGE = ROOT / "docs" / "processing.md"
_HEAD = """\
# Record of processing

Every personal text that is kept, of each method: in which fact it stands, whose it is, under which
kind of key it is sealed, and how long it is kept. It is the list that Article 30 of the GDPR asks a
school for, as far as a program can know it. This page is written out of the fields of the facts; a
test fails when they differ.

- Purpose: to work together in the way that the method describes. Nothing is used for appraisal,
  pay, capability, inspection or ranking: a client that says so is refused
  (`APPRAISAL_USE_FORBIDDEN`).
- Whose: `by` is whoever wrote it; any other name is the field of the fact that says whose it is.
- Who reads it: [who sees what](visibility.md). Nobody else does.
- How long: counted from the end of the run or enquiry ([retention](retention.md)); sooner if it is
  [erased](erasure.md), longer while a hold holds.
- Besides texts there are ids of people, times, choices and numbers, in the body of every event.
  They stay for as long as the alliance is here.
- Where: in the PostgreSQL of whoever runs the server. Nothing is sent anywhere else; what goes over
  NATS are references.
"""


class Personal(NamedTuple):
    """A personal field of a fact."""

    fact: str
    title: str
    field: str
    whose: str
    kind: str


def personal(kind: str, fact: type[Entry]) -> Iterator[Personal]:
    """Every personal field of a fact, also inside pieces and lists."""

    def look(slots: tuple[object, ...], prefix: str) -> Iterator[Personal]:
        for slot in slots:
            name = f"{prefix}{slot.name}"  # pyright: ignore[reportAttributeAccessIssue]
            if slot.inner:  # pyright: ignore[reportAttributeAccessIssue]
                yield from look(slot.inner, f"{name}.")  # pyright: ignore[reportAttributeAccessIssue]
            elif slot.field is not None and slot.field.subject:  # pyright: ignore[reportAttributeAccessIssue]
                field = slot.field  # pyright: ignore[reportAttributeAccessIssue]
                yield Personal(kind, title_of(fact), name, field.subject, field.kind)

    yield from look(slots_of(fact), "")


def methods() -> list[Method]:
    """The kernel's own, then those of the plug-ins by their names."""
    found = [
        importlib.import_module(f"{package.name}.method").METHOD for package in plugins().values()
    ]
    return [*KERNEL, *sorted(found, key=lambda method: method.id)]


def page() -> str:
    """The whole page."""
    parts = [_HEAD]
    core = [row for kind, fact in CORE.items() for row in personal(kind, fact)]
    parts.append("\n## In every stream\n\n" + _table(core, {}))
    for method in methods():
        rows = [row for kind, fact in sorted(method.facts.items()) for row in personal(kind, fact)]
        kept = {keep.kind: keep.sentence for keep in method.retention}
        if rows:
            parts.append(f"\n## {method.title} (`{method.id}`)\n\n" + _table(rows, kept))
    return "".join(parts)


def _table(rows: list[Personal], kept: dict[str, str]) -> str:
    lines = ["| Fact | Field | Whose | Kind | Kept |", "| --- | --- | --- | --- | --- |"]
    for row in rows:
        how_long = kept.get(row.kind, "As what the stream says of this kind.")
        lines.append(
            f"| {row.title} (`{row.fact}`) | `{row.field}` | `{row.whose}` | `{row.kind}` "
            f"| {how_long} |"
        )
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
