"""What is one's own in an alliance: secret links to one's timetable, records that one took along.

Nobody but whoever it concerns reads any of it: there is no row that shows it to others.
"""

from typing import Annotated
from uuid import UUID

from enquiry.kernel.alliance.state import Alliance, TimetableLink
from enquiry.method.builder import Builder
from enquiry.method.ctx import Ctx
from enquiry.method.entry import Entry, Was
from enquiry.method.fields import ask, plain
from enquiry.method.roles import MEMBER, Role
from enquiry.method.rules import Unmet, Verdict, guard, rule

LINKS_MAX = 10
"""Links of one person that stand at once, inclusive."""
_DIGEST = frozenset("0123456789abcdef")
_DIGEST_LENGTH = 64


class OpenTimetableLink(Entry, records="timetable-link-opened"):
    """Open a secret link under which a calendar can read your timetable"""

    digest: Annotated[
        str, plain("What is the digest of its secret?", because="a digest of random bytes", upto=64)
    ]
    """SHA-256 of the secret, in hexadecimal. The secret itself is kept nowhere."""

    def apply(self, s: Alliance, was: Was) -> Alliance:
        """The link has the fact's id."""
        link = TimetableLink(by=was.by, digest=self.digest, opened_at=was.at)
        return s.but(timetable_links={**s.timetable_links, was.id: link})


class CloseTimetableLink(Entry, records="timetable-link-closed"):
    """Close a secret link to your timetable, for good"""

    link: Annotated[UUID, ask("Which link?", address=True)]

    def apply(self, s: Alliance, was: Was) -> Alliance:
        """Forget it: its secret opens nothing any more."""
        kept = {id_: link for id_, link in s.timetable_links.items() if id_ != self.link}
        return s.but(timetable_links=kept)


class NoteRecordsTaken(Entry, records="records-taken"):
    """Note that you took your own records along"""

    at_position: Annotated[int, ask("At which position do they stand?", ge=1)]
    files: Annotated[int, ask("How many files are there?", ge=0)]


@rule("VALIDATION_FAILED", "A digest is 64 hexadecimal digits in lower case.")
def is_a_digest(s: Alliance, e: OpenTimetableLink, ctx: Ctx) -> Verdict:
    """It can be the SHA-256 of a secret."""
    del s, ctx
    fits = len(e.digest) == _DIGEST_LENGTH and _DIGEST.issuperset(e.digest)
    return True if fits else Unmet(pointer="/digest")


@guard("VALIDATION_FAILED", "You have as many links as there may be: close one first.")
def has_few_links(s: Alliance, ctx: Ctx) -> bool:
    """Nobody opens links without end."""
    return sum(link.by == ctx.actor for link in s.timetable_links.values()) < LINKS_MAX


@rule("NOT_FOUND", "You have no such link.")
def is_own_link(s: Alliance, e: CloseTimetableLink, ctx: Ctx) -> bool:
    """Everybody closes their own; of others nobody learns whether there are any."""
    link = s.timetable_links.get(e.link)
    return link is not None and link.by == ctx.actor


def own(alliance: Builder, steward: Role) -> None:
    """Add these moves to the alliance."""
    by = (steward, MEMBER)
    alliance.move(OpenTimetableLink, by=by, rules=(has_few_links, is_a_digest))
    alliance.move(CloseTimetableLink, by=by, rules=(is_own_link,))
    alliance.move(NoteRecordsTaken, by=by)
