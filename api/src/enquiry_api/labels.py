"""Every label there is, by package and key: for frontends, for translators, for the lint."""

import ast
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po
from msgspec import Struct

from enquiry.method.labels import circles, labels, put, short
from enquiry.method.method import Method
from enquiry.method.roles import CIRCLES
from enquiry_api.codes import EDGE as EDGE_CODES
from enquiry_api.codes import catalogue as codes
from enquiry_api.words import EDGE, ENGLISH, FOLDER, KERNEL, catalogue, languages_of, package_of

PAGES: Mapping[str, str] = {
    "page.certificate": "Certificate of participation",
    "page.certificate.method": "Method",
    "page.certificate.school": "School",
    "page.certificate.dates": "Dates",
    "page.certificate.time": "Time",
    "page.certificate.criteria": "Criteria that were met",
    "page.certificate.issued": "Issued on",
    "page.certificate.erased": "A name that was erased",
    "page.certificate.statement": (
        "This states that the person named here took part. It says nothing about how well."
    ),
    "page.timetable.unseen": "Enquiry",
}
"""Labels of the edge's own pages."""
_SENTENCE = re.compile(r"[A-Z“].* .*\.", re.DOTALL)
_READ = {KERNEL: ("enquiry.kernel", "enquiry.method", "enquiry.runtime"), EDGE: ("enquiry_api",)}
"""Packages whose code is read for sentences with which something is refused."""
_BY_TEXT = re.compile(r".*\.[0-9a-f]{8}")
_REFUSES = frozenset({"Reject", "Refused", "Unmet"})


class Coverage(Struct, frozen=True):
    """How much of a package is said in a language."""

    package: str
    lang: str
    labels: int
    translated: int
    reworded: tuple[str, ...]
    """Keys whose English was changed since: said in English until somebody looks."""
    unknown: tuple[str, ...]
    """Keys that stand for nothing: what they named is gone, or has another name."""


def by_package(methods: Iterable[Method]) -> dict[str, dict[str, str]]:
    """English text by key, for every package that brings labels."""
    found: dict[str, dict[str, str]] = {KERNEL: circles(CIRCLES), EDGE: _edge(methods)}
    for method in methods:
        package = package_of(method)
        for key, text in labels(method).items():
            # What is the method's own is in its package; what is common, in the kernel's.
            mine = key.startswith(f"{method.id}.") and package != "enquiry"
            put(found.setdefault(package if mine else KERNEL, {}), key, text)
    for package, told in found.items():
        known = set(told.values())
        owner = next(iter(told), package).partition(".")[0]
        prefix = {KERNEL: "run", EDGE: "edge"}.get(package, owner)
        for place, text in spoken(package):
            if text not in known:
                told[f"{prefix}.{place}.{short(text)}"] = text
    return found


def _edge(methods: Iterable[Method]) -> dict[str, str]:
    told = dict(PAGES)
    for code, entry in codes(methods).items():
        told[f"code.{code}.title"] = entry.title
    for code, entry in EDGE_CODES.items():
        told[f"code.{code}.meaning"] = entry.meaning
    return told


@cache
def spoken(package: str) -> tuple[tuple[str, str], ...]:
    """What the code of a package says itself, in order, each once: (``refusal``, sentence) and
    (``criterion``, words of a certificate)."""
    found: dict[tuple[str, str], None] = {}
    for name in _READ.get(package, (package,)):
        for source in _sources(files(name)):
            found |= dict.fromkeys(_sentences(ast.parse(source.read_text("utf-8"))))
    return tuple(found)


def _sources(folder: Traversable) -> Iterator[Traversable]:
    for one in sorted(folder.iterdir(), key=lambda item: item.name):
        if one.is_dir():
            yield from _sources(one)
        elif one.name.endswith(".py"):
            yield one


def _sentences(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """What is handed to a refusal, directly or by a name that stands for it; and criteria."""
    named: dict[str, list[str]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            text = _text(node.value)
            if text is not None:
                named.setdefault(node.targets[0].id, []).append(text)
            if node.targets[0].id.lower() == "criteria" and isinstance(node.value, ast.Tuple):
                for one in node.value.elts:
                    if isinstance(one, ast.Constant):
                        yield "criterion", str(one.value)
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or getattr(node.func, "id", "") not in _REFUSES:
            continue
        for given in (*node.args, *(keyword.value for keyword in node.keywords)):
            text = _text(given)
            said = [text] if text is not None else named.get(getattr(given, "id", ""), [])
            yield from (("refusal", one) for one in said)
    yield from (("refusal", one) for one in named.get("ABSENT", ()))


def _text(node: ast.expr) -> str | None:
    said = node.value if isinstance(node, ast.Constant) else None
    return said if isinstance(said, str) and _SENTENCE.fullmatch(said) else None


def lint(methods: Iterable[Method]) -> list[Coverage]:
    """How every catalogue of the installed packages stands."""
    found: list[Coverage] = []
    for package, told in by_package(tuple(methods)).items():
        for lang in languages_of(package):
            said = {one.key: one.english for one in catalogue(package, lang)}
            right = {key for key in said if said[key] == told.get(key)}
            # Where the key is a digest of the text, a reworded text has another key.
            known = said.keys() & told.keys() | {key for key in said if _BY_TEXT.fullmatch(key)}
            found.append(
                Coverage(
                    package=package,
                    lang=lang,
                    labels=len(told),
                    translated=len(right),
                    reworded=tuple(sorted(known - right)),
                    unknown=tuple(sorted(said.keys() - known)),
                )
            )
    return found


def update(package: str, lang: str, told: Mapping[str, str]) -> tuple[str, bytes]:
    """A catalogue brought up to date: its path within the package, and its new content.

    What was translated stays; what was reworded since is marked as fuzzy and said in English until
    somebody looks at it; keys that stand for nothing any more are left out.
    """
    path = files(package) / FOLDER / f"{lang}.po"
    before: Catalog = Catalog(locale=lang)
    if path.is_file():
        with path.open("rb") as file:
            before = read_po(file, locale=lang)
    old = {one.context: one for one in before if one.context}
    after = Catalog(locale=lang, fuzzy=False, header_comment=f"# {package}, in {lang}.")
    for key, text in told.items():
        known = old.get(key)
        reworded = known is not None and known.id != text
        string = str(known.string) if known is not None and known.string else ""
        flags = ["fuzzy"] if string and (reworded or (known is not None and known.fuzzy)) else []
        after.add(text, string, context=key, flags=flags)
    out = io.BytesIO()
    write_po(out, after, omit_header=False, width=0)
    return f"{FOLDER}/{lang}.po", _settled(out.getvalue())


def _settled(content: bytes) -> bytes:
    """The same without the lines of its head that say nothing, or change at every writing."""
    stamps = (
        b'"POT-Creation-Date',
        b'"PO-Revision-Date',
        b'"Generated-By',
        b'"Project-Id',
        b'"Report-Msgid',
        b'"Last-Translator',
        b'"Language-Team',
    )
    lines = [line for line in content.splitlines(keepends=True) if not line.startswith(stamps)]
    return b"".join(lines).rstrip() + b"\n"


__all__ = ["ENGLISH", "PAGES", "Coverage", "by_package", "lint", "spoken", "update"]
