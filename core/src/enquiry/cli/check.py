"""``enquiry check``: the conformance kit on any method, without a test in sight."""

from collections.abc import Mapping
from pathlib import Path

import click
import msgspec
from msgspec import Struct

from enquiry.cli.named import AS_JSON, examples, methods, which_methods
from enquiry.method.flaw import Flaw
from enquiry.method.lock import NAME
from enquiry.method.method import Method
from enquiry.testing.histories import FOLDER
from enquiry.testing.kit import CHECKS, WALKS, Files, examination


class Report(Struct, frozen=True):
    """What the examination of one method found."""

    method: str
    version: int
    flaws: tuple[Flaw, ...]
    skipped: Mapping[str, str]
    """Reason by check."""


_WALKS = click.option(
    "--walks",
    type=click.IntRange(min=1),
    default=WALKS,
    show_default=True,
    help="How often each method is walked.",
)


@click.command("check")
@which_methods
@_WALKS
@AS_JSON
def check_command(
    references: tuple[str, ...],
    dist: str | None,
    about: str | None,
    folder: Path,
    walks: int,
    as_json: bool,
) -> None:
    """Examine methods: those of every installed plug-in, or those that are named.

    MODULE is a module, module:NAME, or the path of a Python file. Exits with 1 if a check fails.
    """
    brought = examples(about)
    files = Files(folder / NAME, folder / "tests" / FOLDER)
    reports: list[Report] = []
    for method in methods(references, dist):
        examined = examination(
            method,
            world=brought.world,
            bodies=brought.bodies,
            starts=brought.starts,
            walks=walks,
            files=files,
        )
        reports.append(_report(method, examined.all()))
        if not as_json:
            _print(reports[-1])
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(reports), indent=2))
    if any(report.flaws for report in reports):
        raise SystemExit(1)


def _report(method: Method, found: Mapping[str, tuple[Flaw, ...] | str]) -> Report:
    flaws = tuple(flaw for one in found.values() if not isinstance(one, str) for flaw in one)
    skipped = {check: reason for check, reason in found.items() if isinstance(reason, str)}
    return Report(method.id, method.version, flaws, skipped)


def _print(report: Report) -> None:
    click.echo(f"{report.method}@{report.version}")
    for check in CHECKS:
        mine = [flaw for flaw in report.flaws if flaw.check == check.id]
        if check.id in report.skipped:
            click.echo(f"  {check.id}  skipped  {check.title}: {report.skipped[check.id]}")
        elif not mine:
            click.echo(f"  {check.id}  ok       {check.title}")
        else:
            click.echo(f"  {check.id}  FAILED   {check.title}. {check.why}")
            for flaw in mine:
                click.echo(f"         {flaw.where}: {flaw.says}")
