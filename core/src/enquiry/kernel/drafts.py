"""Drafts: what somebody wrote and could not record any more, kept for them alone.

A note that was taken offline and arrives too late is refused, and is never lost: it stays with its
author, who reads it on any device, sends it again in another form, or drops it.

Source: 4.8.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from msgspec import Struct

from enquiry.method.builder import Builder
from enquiry.method.entry import Entry, State, Was
from enquiry.method.fields import ask, plain, text
from enquiry.method.method import Look, Method
from enquiry.method.retention import Keep
from enquiry.method.roles import MEMBER, Role

METHOD_ID = "drafts"
KIND = "draft"
"""The kind of key that seals a draft: it expires without the contributions of its author."""
BODY_MAX = 65_536
"""Inclusive: code points of a form."""
OWNER = Role("owner", "whoever wrote it")
_ACTION = "the name of a move"


class Draft(State):
    """One draft; the words are sealed."""

    owner: UUID | None = None
    run: UUID | None = None
    action: str = ""
    code: str = ""
    occurred_at: datetime | None = None
    body: str = ""
    gone: Mapping[UUID, int] = {}
    """The fact that holds the words, once its author dropped it."""
    kept: UUID | None = None


class KeepDraft(Entry, records="draft-kept"):
    """Keep what could not be recorded"""

    run: Annotated[UUID, ask("For which run was it?")]
    action: Annotated[str, plain("What was to be done?", because=_ACTION)]
    code: Annotated[str, plain("Why was it refused?", because="a code of the catalogue", upto=80)]
    occurred_at: Annotated[datetime, ask("When was it written?")] | None = None
    body: Annotated[str, text("The form, as it was filled in", upto=BODY_MAX, kind=KIND)]

    def apply(self, s: Draft, was: Was) -> Draft:
        """It belongs to whoever wrote it."""
        return s.but(
            owner=was.by,
            run=self.run,
            action=self.action,
            code=self.code,
            occurred_at=self.occurred_at,
            body=self.body,
            kept=was.id,
        )


class DropDraft(Entry, records="draft-dropped"):
    """Drop it for good"""

    def apply(self, s: Draft, was: Was) -> Draft:
        """Nobody reads it any more, not even its author."""
        gone = {} if s.kept is None else {s.kept: was.revision}
        return s.but(body="", occurred_at=None, gone=gone)


class DraftShown(Struct, frozen=True):
    """A draft, as its author reads it."""

    run: UUID | None
    action: str
    """Method and kind, as in the address to which it can be sent again."""
    code: str
    """Why it was refused: for what came too late, the code of the window that had closed."""
    occurred_at: datetime | None
    body: Any
    """The form as JSON text; empty once it was dropped."""


def _shown(s: Draft, look: Look) -> DraftShown:
    del look
    return DraftShown(s.run, s.action, s.code, s.occurred_at, s.body)


def _cast(s: Draft) -> Mapping[str, tuple[UUID, ...]]:
    return {OWNER.name: () if s.owner is None else (s.owner,)}


def _gone(s: Draft) -> Mapping[UUID, int]:
    return s.gone


def _method() -> Method:
    drafts = Builder(
        METHOD_ID,
        1,
        "Drafts",
        state=Draft,
        roles=(OWNER,),
        cast=_cast,
        gone=_gone,
        stream="drafts",
        source="4.8",
        retention=(Keep(kind=KIND, what="What you wrote, until you drop it", days=0),),
    )
    kept, dropped = drafts.stages("kept", final=("dropped",))
    drafts.move(KeepDraft, by=MEMBER, opens=True)
    drafts.move(DropDraft, by=OWNER, at=kept, to=dropped)
    drafts.view("draft", "A draft of yours", to=OWNER, build=_shown, schema=DraftShown)
    return drafts.build()


DRAFTS = _method()
"""The definition of a draft."""
