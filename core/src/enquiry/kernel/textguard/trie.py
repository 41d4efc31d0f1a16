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

    __slots__ = ("_root",)

    def __init__(self, phrases: Iterable[tuple[tuple[str, ...], Meaning]]) -> None:
        """Take phrases (tuples of folded words, not empty), in order of importance."""
        self._root: _Node[Meaning] = _Node()
        for words, meaning in phrases:
            node = self._root
            for word in words:
                node = node.children.setdefault(word, _Node())
            if meaning not in node.meanings:
                node.meanings = (*node.meanings, meaning)

    def candidates(self, passage: Passage) -> list[int]:
        """Return the words at which a phrase could start, in order; most texts have few."""
        starts, soft = self._root.children, passage.soft
        if not soft:
            return [at for at, word in enumerate(passage.words) if word in starts]
        return [at for at, word in enumerate(passage.words) if word in starts or at in soft]

    def matches(
        self, passage: Passage, first: int, suffixes: frozenset[str]
    ) -> list[tuple[int, Meaning]]:
        """Return all phrases that start at a word, as (number of the word after it, meaning)."""
        if first not in passage.soft and not self._goes_on(passage, first):
            child = self._root.children.get(passage.words[first])
            return [(first + 1, meaning) for meaning in child.meanings] if child else []
        return self._all_matches(passage, first, suffixes)

    def _goes_on(self, passage: Passage, first: int) -> bool:
        """Whether the next word, or what it is joined with, may continue a phrase."""
        child = self._root.children.get(passage.words[first])
        after = first + 1
        if child is None or not child.children or after == len(passage.words):
            return False
        return passage.words[after] in child.children or after in passage.soft

    def _all_matches(
        self, passage: Passage, first: int, suffixes: frozenset[str]
    ) -> list[tuple[int, Meaning]]:
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
