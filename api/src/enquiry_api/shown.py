"""What is shown of a stream: the representations of core, with addresses and forms added."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from msgspec import UNSET, Raw, Struct, UnsetType
from msgspec.structs import replace

from enquiry.method.available import Action
from enquiry.runtime.terms import (
    Accepted,
    HistoryItem,
    InboxItem,
    Outcome,
    Page,
    Representation,
    Standing,
    Summary,
    WarningShown,
)
from enquiry_api.installed import STREAMS, Installed, move_address
from enquiry_api.words import PLAIN, Words


class Link(Struct, frozen=True):
    """Where to go from here."""

    href: str
    title: str | None = None


class ShownAction(Struct, frozen=True, kw_only=True):
    """Something this viewer's role allows: possible now, or not yet, with the reason."""

    kind: str
    method: str
    title: str
    allowed: bool
    """Whether it may be done now. It may still be refused for what is filled in."""
    code: str | None
    """Why it may not be done now."""
    reason: str | None
    """The same as a sentence for people."""
    requires_if_match: bool
    """It is a decision: send the ETag that you read."""
    about: str | None
    keys: tuple[str, ...]
    """For something that is done to one of several parallel things: to which it can be done now."""
    offline: bool
    """It may be captured offline and sent later, in a batch."""
    href: str
    """POST here."""
    form: Raw | UnsetType = UNSET
    """JSON Schema of the body, with form hints. Left out in an inbox, and where the method is not
    installed."""


class ShownStream(Standing, frozen=True, kw_only=True):
    """A stream as one viewer may see it now."""

    actions: tuple[ShownAction, ...]
    views: Mapping[str, Link]
    links: Mapping[str, Link]


class ShownSummary(Summary, frozen=True, kw_only=True):
    """A stream in a list."""

    href: str


class ShownInboxItem(Struct, frozen=True, kw_only=True):
    """What one person can do now in one stream."""

    run: ShownSummary
    actions: tuple[ShownAction, ...]
    warnings: tuple[WarningShown, ...]


class ShownHistory(Struct, frozen=True):
    """Part of a history, oldest first."""

    items: tuple[HistoryItem, ...]
    next_cursor: str | None


class ShownList(Struct, frozen=True):
    """Part of a list of streams."""

    items: tuple[ShownSummary, ...]
    next_cursor: str | None


class ShownInbox(Struct, frozen=True):
    """Part of what somebody can do now."""

    items: tuple[ShownInboxItem, ...]
    next_cursor: str | None


class Done(Accepted, frozen=True, kw_only=True):
    """What an accepted action did, as its actor may see it."""

    href: str
    """The stream, as it stands now."""


def href(stream: str, id_: UUID) -> str:
    """The address of a stream; that of a kind which has none is the index."""
    word = STREAMS.get(stream)
    return f"/v1/{word}/{id_}" if word else "/v1"


def shown(installed: Installed, rep: Representation, words: Words = PLAIN) -> ShownStream:
    """A stream with its addresses and forms, said in these words."""
    here = href(rep.stream, rep.id)
    return ShownStream(
        **_same(Standing, rep),
        actions=_actions(installed, rep, here, words),
        views={
            v.name: Link(f"{here}/views/{v.name}", words.say(v.title, rep.method))
            for v in rep.views
        },
        links=_links(rep, here),
    )


def _same(of: type[Struct], found: Struct) -> dict[str, Any]:
    """The fields that something shown has in common with what core gives."""
    return {name: getattr(found, name) for name in of.__struct_fields__}


_RAISING = "raise-safeguarding-concern"


def _links(rep: Representation, here: str) -> dict[str, Link]:
    method = f"/v1/methods/{rep.method}/versions/{rep.version}"
    links = {
        "self": Link(here),
        "history": Link(f"{here}/history"),
        "method": Link(method),
        "diagram": Link(f"{method}/diagram.svg?stage={rep.stage}"),
        "events": Link(f"/v1/events?after={rep.position}"),
    }
    alliance = f"/v1/alliances/{rep.alliance}"
    raising = move_address("alliances", "alliance", _RAISING, opens=False, id_=str(rep.alliance))
    # From everywhere, whatever is closed, and whoever leads it.
    links["safeguarding"] = Link(raising, "Raise a safeguarding concern")
    links["safeguarding-contacts"] = Link(f"{alliance}/views/safeguarding", "Whom to turn to")
    if rep.stream != "alliance":
        links["alliance"] = Link(alliance)
    if rep.stream == "run":
        links["offline"] = Link(f"{here}/offline")
    return links


def _actions(
    installed: Installed, rep: Representation, here: str, words: Words
) -> tuple[ShownAction, ...]:
    made: list[ShownAction] = []
    for action in rep.actions:
        offered = installed.offered(rep.method, rep.version, action.kind)
        plain = _action(installed, rep.method, rep.version, here, action, words)
        made.append(replace(plain, form=offered.form(words)) if offered else plain)
    return tuple(made)


def _action(
    installed: Installed, method: str, version: int, here: str, action: Action, words: Words
) -> ShownAction:
    offered = installed.offered(method, version, action.kind)
    return ShownAction(
        kind=action.kind,
        method=method,
        title=words.say(action.title, method),
        allowed=action.allowed,
        code=action.code,
        reason=words.say(action.reason, method) if action.reason is not None else None,
        requires_if_match=action.decision,
        about=action.about,
        keys=action.keys,
        offline=offered is not None and offered.move.offline,
        href=f"{here}/actions/{method}/{action.kind}",
    )


def summary(found: Summary) -> ShownSummary:
    """A stream in a list, with its address."""
    return ShownSummary(**_same(Summary, found), href=href(found.stream, found.id))


def listed(page: Page) -> ShownList:
    """Part of a list of streams."""
    return ShownList(tuple(summary(item) for item in page.items), page.next)


def inbox(installed: Installed, page: Page, words: Mapping[UUID, Words]) -> ShownInbox:
    """Part of an inbox; ``words``: how to speak about what belongs to each alliance."""
    items = (_inbox_item(installed, item, words[item.run.alliance]) for item in page.items)
    return ShownInbox(tuple(items), page.next)


def _inbox_item(installed: Installed, item: InboxItem, words: Words) -> ShownInboxItem:
    run = summary(item.run)
    return ShownInboxItem(
        run=run,
        actions=tuple(
            _action(installed, run.method, run.version, run.href, action, words)
            for action in item.actions
        ),
        warnings=item.warnings,
    )


def history(page: Page) -> ShownHistory:
    """Part of a history."""
    return ShownHistory(page.items, page.next)


def done(stream: str, outcome: Outcome) -> Done:
    """What an accepted action did."""
    return Done(**_same(Accepted, outcome), href=href(stream, outcome.stream))
