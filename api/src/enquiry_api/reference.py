"""The OpenAPI document as one page for people: no script, no host outside, usable by keyboard.

Every operation is a ``<details>``, which a keyboard opens and a browser's own search looks into.
"""

from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

Json = Mapping[str, Any]

_STYLE = """
:root { color-scheme: light dark; --line: #8886; --quiet: #8882; }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 60rem; margin: 0 auto; padding: 1rem; }
a:focus-visible, summary:focus-visible { outline: 3px solid; outline-offset: 2px; }
.skip { position: absolute; left: -99rem; } .skip:focus { left: 1rem; }
nav ul { columns: 3 14rem; padding-left: 1.2rem; }
details { border: 1px solid var(--line); border-radius: .4rem; margin: .4rem 0; }
summary { padding: .4rem .6rem; cursor: pointer; }
details > div { padding: 0 .8rem .6rem; }
code { font: .9em ui-monospace, monospace; overflow-wrap: anywhere; }
.verb { display: inline-block; min-width: 3.2rem; font-weight: 700; }
table { border-collapse: collapse; width: 100%; font-size: .92rem; }
th, td { text-align: left; vertical-align: top; padding: .25rem .5rem; }
td { border-top: 1px solid var(--line); }
pre { background: var(--quiet); padding: .6rem; overflow: auto; white-space: pre-wrap; }
"""


def page(document: Json) -> bytes:
    """The whole page, in UTF-8.

    Args:
        document: as `enquiry_api.openapi.document` makes it.
    """
    by_tag = _by_tag(document)
    title = escape(document["info"]["title"])
    parts = [
        "<!doctype html>",
        '<html lang="en"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{title}: reference</title><style>{_STYLE}</style></head><body>",
        '<a class="skip" href="#operations">To the operations</a>',
        f"<header><h1>{title}: reference</h1><p>{escape(document['info']['description'])}</p>",
        '<p>For programs: <a href="/v1/openapi.json">/v1/openapi.json</a>.</p></header>',
        _contents(by_tag),
        '<main id="operations" tabindex="-1">',
        *(_section(tag, operations, document) for tag, operations in by_tag.items()),
        "</main></body></html>",
    ]
    return "\n".join(parts).encode()


def _by_tag(document: Json) -> dict[str, list[tuple[str, str, Json]]]:
    found: dict[str, list[tuple[str, str, Json]]] = {}
    for path, verbs in document["paths"].items():
        for verb, operation in verbs.items():
            if verb != "head":
                found.setdefault(operation["tags"][0], []).append((verb, path, operation))
    return found


def _contents(tags: Iterable[str]) -> str:
    items = "".join(f'<li><a href="#{escape(tag)}">{escape(tag)}</a></li>' for tag in tags)
    return f'<nav aria-label="Contents"><h2>Contents</h2><ul>{items}</ul></nav>'


def _section(tag: str, operations: list[tuple[str, str, Json]], document: Json) -> str:
    shown = "\n".join(_operation(verb, path, made, document) for verb, path, made in operations)
    name = escape(tag)
    return f'<section aria-labelledby="{name}"><h2 id="{name}">{name}</h2>{shown}</section>'


def _operation(verb: str, path: str, operation: Json, document: Json) -> str:
    heading = (
        f'<summary><span class="verb">{verb.upper()}</span> <code>{escape(path)}</code>'
        f" {escape(operation['summary'])}</summary>"
    )
    parts = [
        f"<p>{escape(operation.get('description', ''))}</p>",
        _params(operation.get("parameters", ())),
        _body(operation, document),
        _answers(operation["responses"]),
    ]
    return f"<details>{heading}<div>{''.join(parts)}</div></details>"


def _table(caption: str, heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """A table; its cells are HTML already."""
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    if not body:
        return ""
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in heads)
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    return f"<h3>{escape(caption)}</h3>{table}"


def _params(params: Iterable[Json]) -> str:
    rows = (
        (
            f"<code>{escape(param['name'])}</code>",
            param["in"] + (", required" if param["required"] else ""),
            escape(param["description"]),
        )
        for param in params
    )
    return _table("Beside the body", ("Name", "Where", "What for"), rows)


def _body(operation: Json, document: Json) -> str:
    if "requestBody" not in operation:
        return ""
    (told,) = operation["requestBody"]["content"].values()
    every = told["schema"].get("oneOf", [told["schema"]])
    return "".join(_form(one, document) for one in every if "$ref" in one)


def _form(schema: Json, document: Json) -> str:
    name = schema.get("$ref", "").rpartition("/")[2]
    form = document["components"]["schemas"][name]
    required = form.get("required", ())
    rows = [
        (
            f"<code>{escape(field)}</code>",
            escape(shape(of)) + (", required" if field in required else ""),
            escape(str(of.get("title", of.get("description", "")))),
        )
        for field, of in form.get("properties", {}).items()
    ]
    return _table(f"Body: {name}", ("Field", "Shape", "Asks"), rows) or (
        f"<h3>Body: {escape(name)}</h3><p>An empty object: <code>{{}}</code></p>"
    )


def shape(schema: Json) -> str:
    """A schema in a few words: ``text, 1 to 300 characters``, ``one of a, b``, ``list of id``."""
    if "enum" in schema:
        return "one of " + ", ".join("none" if v is None else str(v) for v in schema["enum"])
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "anyOf" in schema:
        return " or ".join(shape(one) for one in schema["anyOf"])
    kinds: str | list[str] = schema.get("type", "anything")
    kind = kinds if isinstance(kinds, str) else " or ".join(kinds)
    kind = str(schema.get("format", kind)) if kind.startswith("string") else kind
    if kind.startswith("array"):
        kind = f"list of {shape(schema.get('items') or {})}"
    return kind + _bounds(schema)


def _bounds(schema: Json) -> str:
    for low, high in (("minLength", "maxLength"), ("minimum", "maximum"), ("minItems", "maxItems")):
        if low in schema or high in schema:
            return f", {schema.get(low, 'any')} to {schema.get(high, 'any')}"
    return ""


def _answers(responses: Mapping[str, Json]) -> str:
    rows = (
        (f"<code>{escape(status)}</code>", escape(made["description"]))
        for status, made in responses.items()
    )
    return _table("Answers", ("Status", "What it means"), rows)
