"""In which words something is said: the reader's language, and their own school's words in it.

Labels are written in English where they are used. A catalogue (gettext's PO format) says them in
another language; each package brings its own, in a folder ``catalogues`` beside its code. What has
no translation, or one of an English text that was reworded since, is said in English.
"""

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, cast

from babel.core import negotiate_locale
from babel.messages.pofile import read_po
from msgspec import Struct

from enquiry.kernel.alliance.state import SchoolWord
from enquiry.method.method import Method

ENGLISH = "en"
FOLDER = "catalogues"
KERNEL, EDGE = "enquiry.kernel", "enquiry_api"
SAID = frozenset({"title", "help", "sentence", "placeholder", "description", "reason", "meaning"})
"""Names under which labels stand in what is shown of a method."""
_TAGS_MAX = 20
_TAG = re.compile(
    r"\s*([A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*)\s*(?:;\s*q\s*=\s*([01](?:\.\d{0,3})?)\s*)?"
)
_KEPT_MAX = 512
"""Wordings that are kept ready: a language with the words of one school."""


class Translated(Struct, frozen=True):
    """A label in another language."""

    key: str
    english: str
    """What it was translated from."""
    text: str


class Words:
    """Says labels to one reader."""

    def __init__(
        self, lang: str, told: Mapping[str, Mapping[str, str]], own: "Swap | None"
    ) -> None:
        """``told``: by owner, the text for an English one; ``own``: puts in a school's words."""
        self.lang = lang
        self._told = told
        self._own = own
        self.kept: dict[Any, Any] = {}
        """What was said once and is asked for often (forms), by whatever names it."""
        self._shared: dict[str, str] = {}
        for texts in told.values():
            for english, text in texts.items():
                self._shared.setdefault(english, text)

    @property
    def plain(self) -> bool:
        """Whether it says everything just as it stands in the code."""
        return not self._told and self._own is None

    def say(self, english: str, owner: str = "") -> str:
        """A label; ``owner`` is the method whose own wording comes before everybody's."""
        told = self._told.get(owner, self._shared)
        text = told.get(english) or self._shared.get(english) or english
        return text if self._own is None else self._own(text)

    def all(self, value: Any, owner: str = "") -> Any:
        """Plain JSON values with every label in them said, wherever it stands (see `SAID`)."""
        if isinstance(value, list | tuple):
            return [self.all(one, owner) for one in cast("Sequence[Any]", value)]
        if not isinstance(value, dict):
            return value
        held = cast("dict[str, Any]", value)
        return {
            name: self.say(inner, owner)
            if name in SAID and isinstance(inner, str)
            else self.all(inner, owner)
            for name, inner in held.items()
        }


PLAIN = Words(ENGLISH, {}, None)
"""English, as it stands in the code."""
Swap = Callable[[str], str]


class Languages:
    """Every language that the installed packages can speak."""

    def __init__(self, methods: Iterable[Method] = ()) -> None:
        """Read the catalogues of the kernel, of the edge, and of the packages of these methods."""
        packages = (KERNEL, EDGE, *sorted({package_of(method) for method in methods} - {"enquiry"}))
        self._told: dict[str, dict[str, dict[str, str]]] = {}
        for package in packages:
            for lang in languages_of(package):
                told = self._told.setdefault(lang, {})
                for one in catalogue(package, lang):
                    owner = one.key.partition(".")[0]
                    told.setdefault(owner, {})[one.english] = one.text
        self._words = lru_cache(maxsize=_KEPT_MAX)(self._made)

    @property
    def available(self) -> tuple[str, ...]:
        """Tags of the languages, English first."""
        return (ENGLISH, *sorted(self._told))

    def words(self, preferred: Sequence[str] = (), own: tuple[SchoolWord, ...] = ()) -> Words:
        """How to speak to somebody.

        Args:
            preferred: language tags, best first, as `accepted` reads them.
            own: the words of their school; those of another language are passed over.
        """
        lang = negotiate_locale(list(preferred), self.available, sep="-") or ENGLISH
        fitting = tuple(word for word in own if word.lang.partition("-")[0].lower() == lang)
        return PLAIN if lang == ENGLISH and not fitting else self._words(lang, fitting)

    def _made(self, lang: str, own: tuple[SchoolWord, ...]) -> Words:
        return Words(lang, self._told.get(lang, {}), swap(lang, own))


def accepted(header: str) -> tuple[str, ...]:
    """Language tags of an Accept-Language header, best first; what cannot be read says nothing."""
    found: list[tuple[float, int, str]] = []
    for place, part in enumerate(header.split(",")[:_TAGS_MAX]):
        match = _TAG.fullmatch(part)
        quality = float(match[2] or 1) if match else 0.0
        if match and quality > 0:
            found.append((-quality, place, match[1]))
    return tuple(tag for _, _, tag in sorted(found))


def package_of(method: Method) -> str:
    """The package in which a method is written."""
    return method.state.__module__.partition(".")[0]


def languages_of(package: str) -> tuple[str, ...]:
    """Into which languages a package brings translations."""
    folder = _folder(package)
    if not folder.is_dir():
        return ()
    return tuple(
        sorted(one.name.removesuffix(".po") for one in folder.iterdir() if one.name.endswith(".po"))
    )


@cache
def catalogue(package: str, lang: str) -> tuple[Translated, ...]:
    """What a package says in a language: finished translations only, in the order of the file."""
    with (_folder(package) / f"{lang}.po").open("rb") as file:
        found = read_po(file, locale=lang)
    return tuple(
        Translated(str(one.context), str(one.id), str(one.string))
        for one in found
        if one.id and one.string and one.context and not one.fuzzy
    )


def _folder(package: str) -> Traversable:
    return files(package) / FOLDER


# A school's own words


@cache
def concepts(lang: str) -> Mapping[str, tuple[str, str]]:
    """How labels of a language call what schools have words of their own for: one, and several."""
    told = tomllib.loads((_folder(EDGE) / "concepts.toml").read_text("utf-8"))
    return {name: (said["one"], said["many"]) for name, said in told.get(lang, {}).items()}


def swap(lang: str, own: tuple[SchoolWord, ...]) -> Swap | None:
    """What puts a school's own words into labels; ``None`` where there are none."""
    known = concepts(lang)
    said: dict[str, str] = {}
    for word in own:
        if word.concept in known:
            one, many = known[word.concept]
            said |= {one: word.one, many: word.many}
    if not said:
        return None
    longest = sorted(map(re.escape, said), key=len, reverse=True)
    # Whole words only; an article goes along, because it follows the sound of what comes next.
    pattern = re.compile(rf"(?<![\w-])(an? )?({'|'.join(longest)})(?![\w-])", re.IGNORECASE)

    def put(match: re.Match[str]) -> str:
        article, found = match[1] or "", match[2]
        new = said.get(found) or said[found.lower()]
        if found[0].isupper():
            new = new[0].upper() + new[1:]
        return (_article(article, new) if article and lang == ENGLISH else article) + new

    return lambda text: pattern.sub(put, text)


def _article(said: str, before: str) -> str:
    """``a`` or ``an``, with a capital if there was one."""
    fitting = "an " if before[0].lower() in "aeiouāēīōū" else "a "
    return fitting.capitalize() if said[0].isupper() else fitting
