"""Check single pieces: one proof of one event, or two checkpoints against each other."""

from collections.abc import Sequence

from enquiry.audit.verifier import merkle
from enquiry.audit.verifier.entries import entry
from enquiry.audit.verifier.notes import Head, Key, Rejected, decoded, head, proof, unsigned_head
from enquiry.audit.verifier.report import Report

_UNKNOWN_KEYS = "signatures: give --policy with the keys that you were given"


def check_proof(text: str, raw: bytes, keys: Sequence[Key] | None) -> Report:
    """Whether an entry is in the history of a checkpoint.

    Args:
        text: the proof, a ``tlog-proof``.
        raw: the bytes of the entry.
        keys: which keys may sign; ``None``: signatures are not looked at.
    """
    report = Report()
    try:
        shown = proof(text)
        if keys is None:
            report.unchecked.append(_UNKNOWN_KEYS)
            signed = unsigned_head(shown.note)
        else:
            signed = head(shown.note, list(keys))
            report.checked.append(f"checkpoint: {signed.size} events of {signed.origin}, signed")
        found = merkle.is_included(
            shown.at, signed.size, merkle.leaf(raw), shown.hashes, signed.root
        )
        if not found:
            report.wrong("is not in this history as this entry", shown.at)
            return report
        report.checked.append(f"entry: it is event {shown.at} of {signed.origin}")
        said = entry(raw)
        if said is not None and said.sequence != shown.at:
            report.wrong(f"says of itself that it is event {said.sequence}", shown.at)
    except Rejected as error:
        report.wrong(str(error))
    return report


def check_extends(old: str, new: str, hashes: str | None, keys: Sequence[Key] | None) -> Report:
    """Whether a checkpoint is of the same history as an older one, only longer.

    Args:
        old: the older checkpoint, a note.
        new: the newer one.
        hashes: a consistency proof, base64 lines; needed where the sizes differ.
        keys: which keys may sign; ``None``: signatures are not looked at.
    """
    report = Report()
    try:
        if keys is None:
            report.unchecked.append(_UNKNOWN_KEYS)
            first, second = unsigned_head(old), unsigned_head(new)
        else:
            first, second = head(old, list(keys)), head(new, list(keys))
            report.checked.append("checkpoints: both are signed")
        _compare(first, second, hashes, report)
    except Rejected as error:
        report.wrong(str(error))
    return report


def _compare(first: Head, second: Head, hashes: str | None, report: Report) -> None:
    if first.origin != second.origin:
        raise Rejected(f"these are two histories: {first.origin} and {second.origin}")
    if first.size > second.size:
        raise Rejected(f"the newer checkpoint is the smaller: {second.size} of {first.size}")
    if hashes is None and first.size != second.size:
        report.unchecked.append("the sizes differ: a consistency proof is needed (--proof)")
        return
    path = [decoded(line) for line in (hashes or "").split("\n")[:-1]]
    if merkle.extends(first.size, second.size, path, first.root, second.root):
        report.checked.append(f"extends: {second.size} events begin with those {first.size}")
        return
    report.wrong(
        f"fork: the history of {second.size} events does not begin with that of {first.size}"
    )
    report.evidence |= {"the older checkpoint": first.note, "the newer checkpoint": second.note}
