"""What giving and withdrawing consent change: for oneself, or for a pupil of the register."""

from uuid import UUID

from enquiry.kernel.run.state import Consent, ConsentPurpose, Run
from enquiry.method.entry import Was


def given(s: Run, label: str | None, now: tuple[Consent, ...], was: Was) -> Run:
    """A new consent replaces what the same people gave for the same purposes, and ends an earlier
    withdrawal of these. It never broadens another one."""
    subject = _subject(s, label, was)
    if subject is None:
        return s
    anew = {(c.purpose, c.given_by) for c in now}
    kept = tuple(c for c in s.consents.get(subject, ()) if (c.purpose, c.given_by) not in anew)
    purposes = {c.purpose for c in now}
    still = tuple(p for p in s.withdrawn.get(subject, ()) if p not in purposes)
    return s.but(
        consents={**s.consents, subject: kept + now}, withdrawn={**s.withdrawn, subject: still}
    )


def withdrawn(s: Run, label: str | None, purposes: tuple[ConsentPurpose, ...], was: Was) -> Run:
    """Consents to these purposes are void, a pupil's assent to them too, and the method takes out
    of sight what is about the person."""
    subject = _subject(s, label, was)
    if subject is None:
        return s
    before = s.withdrawn.get(subject, ())
    every = (*before, *(p for p in purposes if p not in before))
    marked = tuple(
        c.but(withdrawn=True) if c.purpose in purposes else c for c in s.consents.get(subject, ())
    )
    known = {**s.consents, subject: marked} if marked else s.consents
    s = s.but(withdrawn={**s.withdrawn, subject: every}, consents=known)
    if label is None:
        return s.without(subject, purposes, was)
    pupil = s.pupils[label]
    assents = {p: agrees for p, agrees in pupil.assents.items() if p not in purposes}
    s = s.but(pupils={**s.pupils, label: pupil.but(assents=assents)})
    return s.without_pupil(label, purposes, was)


def _subject(s: Run, label: str | None, was: Was) -> UUID | None:
    if label is None:
        return was.by
    pupil = s.pupils.get(label)
    return pupil.id if pupil else None
