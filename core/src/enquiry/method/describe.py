"""A method told in full: who does what when, by which rules, and who will read it."""

import inspect
from typing import Any

from enquiry.method.entry import Entry, title_of
from enquiry.method.method import Method, Move, Show
from enquiry.method.roles import Role
from enquiry.method.schema import Json, schema, schema_of


def audience(method: Method, fact: type[Entry]) -> tuple[str, ...]:
    """Who will be able to read this and when, in words, for whoever is about to write it."""
    lines = ["Yourself."]
    lines += [_row(method, show) for show in method.shows if show.fact is fact]
    for view in method.views:
        if fact in view.reveals:
            lines.append(f"Readers of “{view.title}” learn of it: {view.reveals[fact]}")
    return tuple(lines)


def _row(method: Method, show: Show) -> str:
    line = _sentence(", ".join(_called(role) for role in show.to))
    if show.today:
        line += ", also those who join later"
    if show.since is not None:
        line += f", once “{_stage(method, show.since.name)}” has begun"
    if show.when is not None:
        line += f", if: {condition(show.when)}"
    sealed = sorted(show.fact.__sealed__ - {*show.hide})
    hidden = [_hidden(show.fact, name) for name in (*show.hide, *sealed)]
    if show.fact.__unsigned__:
        hidden += [_hidden(show.fact, "by"), "when or in which order it came"]
    return f"{line}, without {' and '.join(hidden)}." if hidden else f"{line}."


def _called(role: Role) -> str:
    return role.title or role.name.replace("-", " ")


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]


def _stage(method: Method, name: str) -> str:
    stage = method.stage(name)
    return (stage.title if stage and stage.title else name).replace("-", " ").replace("_", " ")


def condition(when: Any) -> str:
    """The first line of the condition's docstring, or its name in words."""
    doc = inspect.getdoc(when)
    name = getattr(when, "__name__", "<lambda>")
    words = doc.splitlines()[0] if doc else name.replace("<lambda>", "the method says so")
    return words.replace("_", " ").strip().rstrip(".")


def _hidden(fact: type[Entry], name: str) -> str:
    if name == "by":
        return "the author's name"
    asked = schema_of(fact)["properties"].get(name, {}).get("title")
    return f"“{asked}”" if asked else name.replace("_", " ")


def describe(method: Method) -> Json:
    """Everything about a method as plain JSON values: for a page, a document, a front end."""
    return {
        "id": method.id,
        "version": method.version,
        "title": method.title,
        "source": method.source,
        "stream": method.stream,
        "roles": [_role(role) for role in method.roles],
        "stages": [{"name": s.name, "title": s.title, "final": s.final} for s in method.stages],
        "tracks": [
            {
                "name": track.name,
                "title": track.title,
                "within": track.within,
                "stages": [{"name": s.name, "title": s.title} for s in track.stages],
            }
            for track in method.tracks
        ],
        "options": schema_of(method.options) if method.options is not None else None,
        "moves": [_move(move) for move in method.moves],
        "facts": [_fact(method, kind, fact) for kind, fact in method.facts.items()],
        "retention": [
            {"kind": keep.kind, "what": keep.what, "kept": keep.sentence}
            for keep in method.retention
        ],
        "warnings": [
            {"code": watch.code, "source": watch.source, "timed": watch.timed}
            for watch in method.watches
        ],
        "views": [
            {
                "name": view.name,
                "title": view.title,
                "to": [role.name for role in view.to],
                "reveals": {title_of(fact): why for fact, why in view.reveals.items()},
                "schema": schema_of(view.schema),
            }
            for view in method.views
        ],
    }


def _role(role: Role) -> Json:
    return {
        "name": role.name,
        "title": role.title,
        "at_least": role.at_least,
        "at_most": role.at_most,
    }


def _move(move: Move) -> Json:
    return {
        "kind": move.kind,
        "title": move.title,
        "help": move.help,
        "by": [role.name for role in move.by],
        "at": [stage.name for stage in move.at],
        "to": [stage.name for stage in move.to],
        "records": [title_of(fact) for fact in move.facts],
        "decision": move.decision,
        "opens": move.opens,
        "after_close": move.after_close,
        "offline": move.offline,
        "deviation": move.deviation,
        "rules": [
            {
                "code": rule.code,
                "step": rule.step.name.lower(),
                "sentence": rule.sentence,
                "source": rule.source,
            }
            for rule in move.rules
        ],
        "schema": schema(move),
    }


def _fact(method: Method, kind: str, fact: type[Entry]) -> Json:
    return {
        "kind": kind,
        "version": fact.__version__,
        "title": title_of(fact),
        "audience": list(audience(method, fact)),
        "shown": [
            {
                "to": [role.name for role in show.to],
                "today": show.today,
                "since": show.since.name if show.since else None,
                "if": condition(show.when) if show.when else None,
                "hide": list(show.hide),
            }
            for show in method.shows
            if show.fact is fact
        ],
        "schema": schema_of(fact),
    }
