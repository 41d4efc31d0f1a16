"""The conformance kit: every property that a method must have, as checks with stable ids.

It knows no method: it walks any of them through the same offers that front ends show. Needs nothing
but the core, so that the command line can run it; ``enquiry.testing.pytest_kit`` makes tests of it.
"""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cached_property
from pathlib import Path

import msgspec
from msgspec import Struct

from enquiry.method import lock
from enquiry.method.compiled import Compiled
from enquiry.method.flaw import Flaw
from enquiry.method.lint import STATIC
from enquiry.method.method import Method
from enquiry.testing import again, histories, twins
from enquiry.testing.leaks import Leaks
from enquiry.testing.subject import Findings, Hint, Start, Subject
from enquiry.testing.village import VILLAGE
from enquiry.testing.walker import Walk, Walker
from enquiry.testing.world import World

WALKS = 24
MOVES = 40


class Check(Struct, frozen=True):
    """A property, with its stable id and the reason for it."""

    id: str
    title: str
    why: str

    @property
    def name(self) -> str:
        """``P05-offered-is-accepted``, as it stands in the name of a test."""
        return f"{self.id}-{self.title.replace(' ', '-').replace(',', '')}"


_WALKED = (
    Check(
        "P01",
        "same question, same answer",
        "A command that lost a race is decided again; a preview must come true.",
    ),
    Check(
        "P02",
        "facts survive being written",
        "What is recorded must be read for ever, by its own limits; views must fit their schemas.",
    ),
    Check(
        "P03",
        "folding gives the same state",
        "Auditors replay the past; the state must follow from the record and from nothing else.",
    ),
    Check(
        "P04",
        "rules only ever refuse",
        "A crash tells a teacher nothing. Whatever is sent, by whomever, is accepted or refused.",
    ),
    Check(
        "P05",
        "offered is accepted",
        "A front end shows what is offered: no dead button, and no door beside it.",
    ),
    Check(
        "P06",
        "nobody gets stuck",
        "Somebody can always act until the end, and everything that is declared can be done.",
    ),
    Check(
        "P08",
        "no clock, chance, file or network",
        "What looks outside cannot be replayed; ctx gives the time and new ids.",
    ),
    Check(
        "P09",
        "views keep secrets",
        "What somebody may not read must not show in anything they are shown.",
    ),
    Check(
        "P10",
        "the state is never changed in place",
        "States are shared by everybody who looks; only facts make new ones.",
    ),
    Check(
        "P11",
        "the shape is locked",
        "Running streams rely on the shape of their version.",
    ),
    Check(
        "P12",
        "saved histories replay",
        "Streams of earlier releases must stay readable.",
    ),
    Check(
        "P13",
        "personal values stay sealed",
        "Erasure destroys keys: what stands outside its seal, or steers the state, stays for ever.",
    ),
    Check(
        "P14",
        "warnings and codes are known",
        "Programs test for codes; a warning without a weight reaches the wrong people.",
    ),
)

CHECKS = (*(Check(s.id, s.title, s.why) for s in STATIC), *_WALKED)
"""Every check, in the order in which they are reported."""
IDS = frozenset(check.id for check in CHECKS)
_STATIC = frozenset(check.id for check in STATIC)


class Skipped(Exception):
    """A check that cannot be made here; the message says why."""


class Files(Struct, frozen=True):
    """What was kept of earlier releases."""

    lock: Path | None = None
    histories: Path | None = None


class Examination:
    """One method under examination. Walks happen once, when the first check needs them."""

    def __init__(self, subject: Subject, files: Files | None = None) -> None:
        """``files``: the lock and the histories; without them their checks are skipped."""
        self.subject = subject
        self._files = files or Files()

    def flaws(self, check: str) -> tuple[Flaw, ...]:
        """What the check of this id finds.

        Raises:
            Skipped: it cannot be made here.
            KeyError: there is no such check.
        """
        if check not in IDS:
            raise KeyError(check)
        found = tuple(flaw for flaw in self._static if flaw.check == check)
        if check == "P11":
            return found + self._locked()
        if check == "P12":
            return found + self._replayed()
        if check in _STATIC:
            return found
        late = _LATE.get(check)
        findings = late(self) if late is not None else self._judged
        return found + findings.of(check)

    def all(self, but: Collection[str] = ()) -> Mapping[str, tuple[Flaw, ...] | str]:
        """Every check's flaws by its id, or the reason why it was skipped."""
        found: dict[str, tuple[Flaw, ...] | str] = {}
        for check in CHECKS:
            if check.id not in but:
                try:
                    found[check.id] = self.flaws(check.id)
                except Skipped as reason:
                    found[check.id] = str(reason)
        return found

    @cached_property
    def _static(self) -> tuple[Flaw, ...]:
        return tuple(f for check in STATIC for f in check.look(self.subject.method))

    @cached_property
    def _judged(self) -> Findings:
        """What the walks themselves found; the walks are made here."""
        findings = Findings()
        self.walker = Walker(self.subject, findings)
        self.walks: tuple[Walk, ...] = self.walker.walks()
        if not findings.of("P10"):
            # What changes states in place changes those that were kept for comparison, too.
            again.folded(self.walks, findings)
        again.decided(self.walks, findings)
        if not findings.of("P03", "P04"):
            # Where something crashes, nobody gets any further: that is found already.
            _reached(self.subject, self.walker, findings)
        return findings

    @cached_property
    def twinned(self) -> Findings:
        """The judgement of the walks, and two processes compared."""
        findings = self._judged
        if self.subject.processes and not findings.of("P01"):
            reason = twins.compare(self.subject, findings)
            if reason is not None:
                raise Skipped(f"not compared across processes: {reason}")
        return findings

    @cached_property
    def pure(self) -> Findings:
        """What the interpreter saw."""
        _, findings = self._judged, Findings()
        again.watched(self.subject, self.walks, findings)
        return findings

    @cached_property
    def discreet(self) -> Findings:
        """What leaks, in views and between people."""
        findings = Findings()
        findings.flaws += self._judged.of("P09")
        Leaks(self.subject, self.walker, findings).look(self.walks)
        return findings

    @cached_property
    def sealed(self) -> Findings:
        """What is recorded outside its seal."""
        _, findings = self._judged, Findings()
        again.reworded(self.walks, findings)
        return findings

    def _locked(self) -> tuple[Flaw, ...]:
        file = self._files.lock
        if file is None or not file.exists():
            raise Skipped("there is no method.lock yet: release the version with enquiry freeze")
        try:
            known = lock.locked(file.read_bytes())
        except (msgspec.MsgspecError, ValueError) as error:
            return (Flaw("P11", str(file.name), f"it cannot be read: {error}"),)
        return lock.check(self.subject.method, known)

    def _replayed(self) -> tuple[Flaw, ...]:
        folder, findings = self._files.histories, Findings()
        if folder is None or not folder.is_dir():
            raise Skipped("there are no saved histories yet: enquiry freeze writes one")
        if histories.replay(self.subject.compiled, folder, findings) == 0 and not findings.flaws:
            raise Skipped(f"no saved history is one of {self.subject.method.id}")
        return findings.of("P12")


_LATE: Mapping[str, Callable[[Examination], Findings]] = {
    "P01": lambda e: e.twinned,
    "P08": lambda e: e.pure,
    "P09": lambda e: e.discreet,
    "P13": lambda e: e.sealed,
}


def _reached(subject: Subject, walker: Walker, findings: Findings) -> None:
    """P06: every stage was entered and every move done, on some walk."""
    method = subject.method
    every = (*method.stages, *(stage for track in method.tracks for stage in track.stages))
    for stage in every:
        if stage.name not in walker.entered:
            findings.add("P06", f"stage {stage.name}", "no walk ever came here.")
    for move in method.moves:
        if move.kind == "acknowledge-warning" or walker.accepted[move.kind]:
            continue
        if move.kind not in walker.offered and not move.opens:
            says = "it was never offered to anybody in this world."
        else:
            tried = walker.refusals.get(move.kind, Counter[str]())
            codes = ", ".join(f"{code} ({count})" for code, count in sorted(tried.items()))
            says = (
                f"it was never accepted; refused with {codes or 'nothing'}. If chance cannot find"
                f" a body, give one: conformance(METHOD, bodies={{{move.kind!r}: ...}})."
            )
        findings.add("P06", f"move {move.kind}", says)


def examination(
    method: Method,
    *,
    world: World | None = None,
    bodies: Mapping[str, Hint] | None = None,
    walks: int = WALKS,
    moves: int = MOVES,
    seed: str = "enquiry",
    starts: Sequence[Start] = (),
    processes: bool = True,
    files: Files | None = None,
) -> Examination:
    """Examine a method in a world.

    Args:
        method: What is examined.
        world: People, circles and other streams around it; without it, that of the first start,
            or the village.
        bodies: For moves whose form chance cannot fill in: (stream, actor) -> a body.
        walks: How many walks.
        moves: How many acts on each, at most.
        seed: Another one makes other walks.
        starts: Moments of stories from which walks go on as well, told in this world.
        processes: Whether to compare walks across two processes, too.
        files: What was kept of earlier releases.
    """
    hints, begin = bodies or {}, tuple(starts)
    compiled = Compiled(method)
    around = world or (begin[0]().stream.world if begin else VILLAGE)
    subject = Subject(
        method, compiled, around, hints, walks, moves, seed, starts=begin, processes=processes
    )
    return Examination(subject, files)
