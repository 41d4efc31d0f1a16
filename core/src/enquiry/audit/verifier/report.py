"""What was checked, what was not, and what is wrong."""

from typing import NamedTuple

FINDINGS_MAX = 100

VALID, INVALID, INCOMPLETE, USAGE = 0, 1, 2, 3
"""Exit codes. Incomplete: nothing is wrong, and something that should be checked could not be."""


class Finding(NamedTuple):
    """Something is wrong."""

    event: int | None
    """Sequence of the event; ``None``: it cannot be said which."""
    what: str


class Report:
    """Grows while a bundle is checked."""

    def __init__(self) -> None:
        """Nothing is known yet."""
        self.checked: list[str] = []
        self.unchecked: list[str] = []
        """What should have been checked and could not be."""
        self.beyond: list[str] = []
        """What no bundle of this kind can show."""
        self.findings: list[Finding] = []
        self.more = 0
        """Findings beyond `FINDINGS_MAX`."""
        self.evidence: dict[str, str] = {}
        """Signed notes that contradict each other."""

    def wrong(self, what: str, event: int | None = None) -> None:
        """Something is wrong."""
        if len(self.findings) < FINDINGS_MAX:
            self.findings.append(Finding(event, what))
        else:
            self.more += 1

    @property
    def first_bad(self) -> int | None:
        """Sequence of the first event with which something is wrong."""
        return min((f.event for f in self.findings if f.event is not None), default=None)

    @property
    def code(self) -> int:
        """The exit code."""
        if self.findings:
            return INVALID
        return INCOMPLETE if self.unchecked else VALID

    def plain(self) -> dict[str, object]:
        """As JSON values."""
        return {
            "verdict": {VALID: "valid", INVALID: "invalid", INCOMPLETE: "incomplete"}[self.code],
            "first_bad_event": self.first_bad,
            "findings": [{"event": f.event, "what": f.what} for f in self.findings],
            "more_findings": self.more,
            "checked": self.checked,
            "not_checked": self.unchecked,
            "beyond": self.beyond,
            "evidence": self.evidence,
        }

    def lines(self) -> list[str]:
        """For people."""
        told = [f"{self.plain()['verdict']}".upper()]
        if self.first_bad is not None:
            told.append(f"first bad event: sequence {self.first_bad}")
        for finding in self.findings:
            where = "" if finding.event is None else f"event {finding.event}: "
            told.append(f"  wrong        {where}{finding.what}")
        if self.more:
            told.append(f"  wrong        and {self.more} more findings")
        told += [f"  checked      {line}" for line in self.checked]
        told += [f"  not checked  {line}" for line in self.unchecked]
        told += [f"  beyond       {line}" for line in self.beyond]
        for name, note in self.evidence.items():
            told += [f"  evidence     {name}:", *(f"    {line}" for line in note.splitlines())]
        return told
