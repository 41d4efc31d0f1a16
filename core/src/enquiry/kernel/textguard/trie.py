"""A dictionary of phrases, word by word, each with what it means."""

from collections.abc import Iterable
from typing import Generic, TypeVar

from enquiry.kernel.textguard.passage import Passage

Meaning = TypeVar("Meaning")


class _Node(Generic[Meaning]):
    __slots__ = ("children", "meanings")

    def __init__(self) -> None:
        self.children: dict[str, _Node[Meaning]] = {}
        self.meanings: tuple[Meaning, ...] = ()


class Trie(Generic[Meaning]):
    """Phrases and their meanings. Filled once, then only read."""

    __slots__ = ("_root", "starts")

    def __init__(self, phrases: Iterable[tuple[tuple[str, ...], Meaning]]) -> None:
        """Take phrases (tuples of folded words, not empty), in order of importance."""
        self._root: _Node[Meaning] = _Node()
        for words, meaning in phrases:
            node = self._root
            for word in words:
                node = node.children.setdefault(word, _Node())
            if meaning not in node.meanings:
                node.meanings = (*node.meanings, meaning)
        self.starts = self._root.children.keys()
        """First words of all phrases."""

    def matches(
        self, passage: Passage, first: int, suffixes: frozenset[str]
    ) -> list[tuple[int, Meaning]]:
        """Return all phrases that start at a word, as (number of the word after it, meaning)."""
        found: list[tuple[int, Meaning]] = []
        ahead = [(first, self._root)]
        while ahead:
            word, node = ahead.pop()
            for read, after in passage.readings(word, suffixes):
                child = node.children.get(read)
                if child is None:
                    continue
                found.extend((after, meaning) for meaning in child.meanings)
                if child.children and passage.follows(after):
                    ahead.append((after, child))
        return found
