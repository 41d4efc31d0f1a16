"""``enquiry verify``: judge what you were given, without network and without a database."""

from pathlib import Path
from typing import Any

import click
import msgspec

from enquiry.audit.replay import Replay, Told
from enquiry.audit.verifier.archive import Archive, Unreadable
from enquiry.audit.verifier.bundle import check
from enquiry.audit.verifier.notes import NOTE_BYTES_MAX, Key, Rejected, policy
from enquiry.audit.verifier.report import USAGE, Report
from enquiry.audit.verifier.single import check_extends, check_proof
from enquiry.audit.verifier.unpacked import recorded
from enquiry.cli.named import AS_JSON, registry


class AskedWrongly(click.UsageError):
    """Said with 3, because 2 is said of what is incomplete."""

    exit_code = USAGE


class Judging(click.Group):
    """Commands that say so when they were asked wrongly."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run, and leave with the code for a wrong question where one was asked."""
        try:
            return super().invoke(ctx)
        except AskedWrongly:
            raise
        except click.UsageError as error:
            raise AskedWrongly(error.format_message(), error.ctx) from error


_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)
_POLICY = click.option(
    "--policy",
    "trusted",
    type=_FILE,
    help="Keys that you were given by somebody you trust: 'vkey since until', a line each.",
)


@click.group("verify", cls=Judging)
def verify_command() -> None:
    """Verify what you were given, offline.

    Exits with 0 if it is valid, 1 if it is not, 2 if something that should be checked could not be,
    3 if it was asked wrongly.
    """


@verify_command.command("bundle")
@click.argument("file", type=_FILE)
@click.option(
    "--known",
    type=_FILE,
    multiple=True,
    help="A checkpoint of this history that you have seen before. May be given several times.",
)
@_POLICY
@AS_JSON
def bundle_command(
    file: Path, known: tuple[Path, ...], trusted: Path | None, as_json: bool
) -> None:
    """Verify a bundle: files, signatures, tree, and every event in it."""
    try:
        archive = Archive.open(file)
    except Unreadable as error:
        _refuse(str(error), as_json)
        return
    _tell(check(archive, _keys(trusted), [_text(one) for one in known]), as_json)


@verify_command.command("proof")
@click.argument("file", type=_FILE)
@click.option("--entry", type=_FILE, required=True, help="The bytes of the entry.")
@_POLICY
@AS_JSON
def proof_command(file: Path, entry: Path, trusted: Path | None, as_json: bool) -> None:
    """Verify that one entry is in a signed history."""
    _tell(check_proof(_text(file), _bytes(entry), _keys(trusted)), as_json)


@verify_command.command("extends")
@click.argument("old", type=_FILE)
@click.argument("new", type=_FILE)
@click.option("--proof", type=_FILE, help="The consistency proof, where the sizes differ.")
@_POLICY
@AS_JSON
def extends_command(
    old: Path, new: Path, proof: Path | None, trusted: Path | None, as_json: bool
) -> None:
    """Verify that one checkpoint continues another."""
    hashes = None if proof is None else _text(proof)
    _tell(check_extends(_text(old), _text(new), hashes, _keys(trusted)), as_json)


@verify_command.command("replay")
@click.argument("file", type=_FILE)
@_POLICY
@AS_JSON
def replay_command(file: Path, trusted: Path | None, as_json: bool) -> None:
    """Verify a bundle, then fold its events again with the methods that are installed here."""
    try:
        archive = Archive.open(file)
    except Unreadable as error:
        _refuse(str(error), as_json)
        return
    report = check(archive, _keys(trusted))
    if not report.findings:
        _replay(archive, report)
    _tell(report, as_json)


def _replay(archive: Archive, report: Report) -> None:
    if "data/replay" not in archive:
        report.unchecked.append("replay: the bundle does not say what came of its streams")
        return
    try:
        lines = archive.text("data/replay").splitlines()
        told = {one.stream: one for one in (msgspec.json.decode(s, type=Told) for s in lines)}
        methods = registry().methods
        replay = Replay(lambda method, version: methods.get((method, version)))
        replay.take(recorded(archive))
    except (Unreadable, Rejected, msgspec.DecodeError, ValueError) as error:
        report.wrong(f"replay: {error}")
        return
    same = 0
    for found in replay.told():
        said = told.pop(found.stream, None)
        if said == found:
            same += 1
        elif said is not None:
            report.wrong(f"replay: stream {found.stream} folds to another state than was told")
    report.checked.append(f"replay: {same} streams fold to the state that was told")
    for stream in told:
        why = replay.unfolded.get(stream, "it is not in the bundle")
        report.unchecked.append(f"replay: stream {stream} could not be folded: {why}")


def _keys(trusted: Path | None) -> list[Key] | None:
    if trusted is None:
        return None
    try:
        return policy(_text(trusted, 16 * 1024 * 1024))
    except Rejected as error:
        raise AskedWrongly(f"{trusted}: {error}") from error


def _bytes(path: Path, most: int = NOTE_BYTES_MAX) -> bytes:
    with path.open("rb") as file:
        content = file.read(most + 1)
    if len(content) > most:
        raise AskedWrongly(f"{path} is too large")
    return content


def _text(path: Path, most: int = NOTE_BYTES_MAX) -> str:
    try:
        return _bytes(path, most).decode("utf-8")
    except UnicodeDecodeError:
        raise AskedWrongly(f"{path} is not UTF-8") from None


def _refuse(why: str, as_json: bool) -> None:
    report = Report()
    report.wrong(why)
    _tell(report, as_json)


def _tell(report: Report, as_json: bool) -> None:
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(report.plain()), indent=2))
    else:
        for line in report.lines():
            click.echo(line)
    raise SystemExit(report.code)
