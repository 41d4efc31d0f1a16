"""The tour of README.md as a program: its blocks in order, and what they are to print.

A line `# => text` says what the commands since the mark before print: exactly these lines and no
others. A `…` in it stands for anything.
"""

import re
from dataclasses import dataclass

MARK = "# => "
_BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^## A tour.*?(?=^## )", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Step:
    """Commands, and what they are to print."""

    commands: str
    printed: tuple[str, ...]

    def replace(self, old: str, new: str) -> "Step":
        """The same, with other words in its commands."""
        return Step(self.commands.replace(old, new), self.printed)


def blocks(readme: str) -> list[str]:
    """What stands between the fences of the tour, in order."""
    found = _HEADING.search(readme)
    return _BLOCK.findall(found[0]) if found else []


def steps(source: str) -> list[Step]:
    """Commands and their marks; what follows the last mark is to print nothing."""
    made: list[Step] = []
    commands: list[str] = []
    printed: list[str] = []
    for line in source.splitlines():
        if line.startswith(MARK):
            printed.append(line.removeprefix(MARK))
            continue
        if printed:
            made.append(Step("\n".join(commands), tuple(printed)))
            commands, printed = [], []
        commands.append(line)
    made.append(Step("\n".join(commands), tuple(printed)))
    return made


def script(told: list[Step], border: str) -> str:
    """One program for bash that prints a border behind each step and stops at the first failure."""
    parts = [f"{step.commands}\necho '{border}'\n" for step in told]
    return "set -eu\n" + "".join(parts)


def differences(told: list[Step], printed: str, border: str) -> list[str]:
    """The first step that printed something else than it was to, or was not reached; else none."""
    parts = printed.split(f"{border}\n")
    for number, step in enumerate(told):
        if number == len(parts) - 1:
            return [f"{step.commands}\n... ended early, having printed: {parts[number]}"]
        lines = parts[number].splitlines()
        same = len(lines) == len(step.printed)
        if not same or not all(map(_matches, step.printed, lines)):
            return [f"{step.commands}\n... was to print {step.printed}, and printed {lines}"]
    return []


def _matches(expected: str, line: str) -> bool:
    return re.fullmatch(".*".join(map(re.escape, expected.split("…"))), line) is not None
