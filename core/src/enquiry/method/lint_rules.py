"""Static checks of rules, rows of visibility and upcasts: that each of them can do what it says."""

import re
from collections import Counter
from collections.abc import Iterator

from msgspec import structs

from enquiry.method.codes import STEPS, Step
from enquiry.method.compiled import address_fields
from enquiry.method.flaw import Flaw
from enquiry.method.method import Method, Move

_CODE = re.compile(r"[A-Z][A-Z0-9_]*")
_KIND = re.compile(r"[a-z][a-z0-9-]*/[a-z][a-z0-9-]*")
_NAME = re.compile(r"[a-z][a-z0-9-]*")
_CORES_OWN = (Step.ENVELOPE, Step.ACTOR)


def addresses(method: Method) -> Iterator[Flaw]:
    """M05: what is judged before the fields rests on fields that are read as addresses."""
    for move in method.moves:
        known = address_fields(move.entry)
        where = f"move {move.kind}"
        for rule in move.rules:
            if rule.needs_entry and rule.step < Step.FIELDS and not known:
                says = (
                    f"rule {rule.name} is judged at step {rule.step.name.lower()}, where only"
                    " address fields are read, and the form has none: mark the field with"
                    " address=True, use a guard, or name a later step."
                )
                yield Flaw("M05", where, says)
            if rule.step in _CORES_OWN:
                yield Flaw("M05", where, f"rule {rule.name}: core judges this step itself.")
        if isinstance(move.key, str) and move.key not in known:
            yield Flaw("M05", where, f"its key {move.key} is not an address field of the form.")
        if move.decision and callable(move.about) and not known:
            says = "what it decides on cannot be told without an address field."
            yield Flaw("M05", where, says)
        yield from _keyed(move, where)


def _keyed(move: Move, where: str) -> Iterator[Flaw]:
    if move.key is None and any(stage.track for stage in move.at):
        yield Flaw("M05", where, "it happens inside a track: name the key of its thing.")


def codes(method: Method) -> Iterator[Flaw]:
    """M07: codes are of the catalogue at their own step, or new and well formed; all have words."""
    for move in method.moves:
        for rule in move.rules:
            where = f"move {move.kind}, rule {rule.name}"
            if STEPS.get(rule.code, rule.step) != rule.step:
                step = STEPS[rule.code].name.lower()
                says = f"{rule.code} is judged at step {step}: take a code of your own."
                yield Flaw("M07", where, says)
            if not _CODE.fullmatch(rule.code):
                yield Flaw("M07", where, f"{rule.code}: codes are capitals and underscores.")
            if not rule.sentence.strip():
                yield Flaw("M07", where, "it has no sentence for the person who is refused.")


def rows(method: Method) -> Iterator[Flaw]:
    """M08: rows and views name fields, stages and facts that exist."""
    yield from _names(method)
    keyed = {fact for move in method.moves if move.key is not None for fact in move.facts}
    stages = {*method.stages, *(stage for track in method.tracks for stage in track.stages)}
    declared = set(method.facts.values())
    for show in method.shows:
        where = f"row for {show.fact.__name__}"
        fields = {"by", *(f.name for f in structs.fields(show.fact))}
        for name in show.hide:
            if name not in fields:
                yield Flaw("M08", where, f"it hides {name}, which is no field of the fact.")
        if show.since is not None and show.since not in stages:
            yield Flaw("M08", where, f"{show.since.name} is not a stage of this method.")
        if show.since is not None and show.since.track and show.fact not in keyed:
            says = f"it waits for a stage of {show.since.track}, but no move with a key records it."
            yield Flaw("M08", where, says)
        if show.fact not in declared:
            yield Flaw("M08", where, "the fact is not declared.")


def _names(method: Method) -> Iterator[Flaw]:
    for kind in method.facts:
        if not _KIND.fullmatch(kind):
            yield Flaw("M08", f"fact {kind}", "its name is small letters and hyphens: method/fact.")
    for name, count in Counter(view.name for view in method.views).items():
        if count > 1 or not _NAME.fullmatch(name):
            yield Flaw("M08", f"view {name}", "names of views are unique: small letters, hyphens.")
    if not _NAME.fullmatch(method.id) or method.version < 1:
        yield Flaw(
            "M08", f"{method.id}@{method.version}", "ids are small letters; versions from 1."
        )


def upcasts(method: Method) -> Iterator[Flaw]:
    """P07: a step for each old version of a fact, and none for what does not exist."""
    for kind, fact in method.facts.items():
        for version in range(1, fact.__version__):
            if (kind, version) not in method.upcasts:
                says = f"version {version} cannot be lifted: add upcast({kind!r}, {version})."
                yield Flaw("P07", f"fact {kind}", says)
    for kind, version in method.upcasts:
        fact = method.facts.get(kind)
        if fact is None or not 1 <= version < fact.__version__:
            says = f"there is a step from version {version}, but no such old version."
            yield Flaw("P07", f"fact {kind}", says)
