"""Static check of retention: whoever says how long something is kept says it of everything."""

from collections import Counter
from collections.abc import Iterator

from enquiry.method.core_facts import CORE
from enquiry.method.flaw import Flaw
from enquiry.method.method import Method
from enquiry.method.retention import kinds_of


def sealed_kinds(method: Method) -> frozenset[str]:
    """Every kind of key that facts of this method may be sealed under.

    Notes on warnings are core's own; they are there only where something is remarked.
    """
    remarks = bool(method.watches) or any(move.warns for move in method.moves)
    facts = (*method.facts.values(), *(CORE.values() if remarks else ()))
    return frozenset(kind for fact in facts for kind in kinds_of(fact))


def unsaid(method: Method) -> tuple[str, ...]:
    """Kinds of which no row says how long they are kept, sorted."""
    said = {keep.kind for keep in method.retention}
    return tuple(sorted(sealed_kinds(method) - said))


def kept(method: Method) -> Iterator[Flaw]:
    """M09: rows of retention are whole: every kind once, and no kind that nothing is sealed under.

    A method without any row keeps everything until somebody asks for erasure.
    """
    if not method.retention:
        return
    for kind in unsaid(method):
        yield Flaw("M09", f"kind {kind}", "say how long it is kept, or because of what for ever.")
    known = sealed_kinds(method)
    for kind, count in Counter(keep.kind for keep in method.retention).items():
        if count > 1:
            yield Flaw("M09", f"kind {kind}", "two rows say how long it is kept.")
        if kind not in known:
            yield Flaw("M09", f"kind {kind}", "no text is sealed under it.")
