"""A batch of appends as the columns that ``append_v1`` takes, and its answer as callers expect it.

Columns, because arrays of plain values are what PostgreSQL and its driver handle fastest. Ids that
come often are sent once and meant by number, from 1.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from enquiry.log.promise import (
    Append,
    Appended,
    Conflict,
    KeyGone,
    KeyReused,
    Malformed,
    NewEvent,
    WrappedKey,
)
from enquiry.log.queries import query

APPENDED, REPLAYED, KEY_REUSED, CONFLICT, FOREIGN, KEY_GONE = range(1, 7)
"""Outcomes of ``append_v1``."""
_NUMBERS = {int(number) - 1 for number in re.findall(r"\$(\d+)::text", query("append"))}
"""Which columns are numbers, counted from 0."""


class Batch:
    """Appends in the order in which they are judged."""

    def __init__(self, appends: Iterable[Append]) -> None:
        """Lay the appends out in columns; they have been checked (``enquiry.log.shape``)."""
        self.appends: list[Append] = []
        self._alliances: dict[UUID, int] = {}
        self._streams: dict[UUID, int] = {}
        self._data_keys: dict[UUID, int] = {}
        self._idem: dict[tuple[int, bytes], int] = {}
        # Alliance, recorded_at, idempotency key, fingerprint; rows of each of the other four.
        self._heads: tuple[list[Any], ...] = tuple([] for _ in range(8))
        self._expected: tuple[list[int], ...] = ([], [])
        self._events: tuple[list[Any], ...] = tuple([] for _ in range(5))
        self._sealed: tuple[list[Any], ...] = tuple([] for _ in range(4))
        self._wrapped: tuple[list[Any], ...] = tuple([] for _ in range(6))
        for append in appends:
            self._add(append)

    def arguments(self) -> list[list[Any] | str]:
        """What the query ``append`` takes, in its order: lists, but numbers as one text."""
        columns: list[list[Any]] = [
            list(self._alliances),
            list(self._streams),
            list(self._data_keys),
            [alliance for alliance, _ in self._idem],
            [key for _, key in self._idem],
            *self._heads,
            *self._expected,
            *self._events,
            *self._sealed,
            *self._wrapped,
        ]
        return [
            "{" + ",".join(map(int.__repr__, column)) + "}" if number in _NUMBERS else column
            for number, column in enumerate(columns)
        ]

    def outcomes(self, row: Sequence[Sequence[int]]) -> list[Appended | Exception]:
        """What each append returns or raises, from the row that the query gives."""
        streams = list(self._streams)
        keys = list(self._data_keys)
        return [
            _outcome(append, answer, streams, keys)
            for append, *answer in zip(self.appends, *row, strict=True)
        ]

    def _add(self, append: Append) -> None:
        alliance = _number(self._alliances, append.alliance)
        idem = 0
        if append.key is not None:
            idem = self._idem.setdefault((alliance, append.key), len(self._idem) + 1)
        sealed = 0
        for event in append.events:
            sealed += self._add_event(event)
        self._add_expected(append.expected)
        for key in append.keys:
            self._add_key(key)
        row = (
            alliance,
            append.recorded_at,
            idem,
            append.fingerprint,
            len(append.expected),
            len(append.events),
            sealed,
            len(append.keys),
        )
        for column, value in zip(self._heads, row, strict=True):
            column.append(value)
        self.appends.append(append)

    def _add_expected(self, expected: Mapping[UUID, int]) -> None:
        streams, revisions = self._expected
        for stream, revision in expected.items():
            streams.append(_number(self._streams, stream))
            revisions.append(revision)

    def _add_event(self, event: NewEvent) -> int:
        streams, revisions, ids, kinds, bodies = self._events
        streams.append(_number(self._streams, event.stream))
        revisions.append(event.revision)
        ids.append(event.id)
        kinds.append(event.kind)
        bodies.append(event.body)
        if event.sealed:
            numbers, slots, keys, ciphertexts = self._sealed
            for value in event.sealed:
                numbers.append(len(streams))
                slots.append(value.slot)
                keys.append(_number(self._data_keys, value.key))
                ciphertexts.append(value.ciphertext)
        return len(event.sealed)

    def _add_key(self, key: WrappedKey) -> None:
        row = (
            _number(self._data_keys, key.id),
            _number(self._streams, key.stream),
            key.subject,
            key.kind,
            key.wrapped,
            key.commitment,
        )
        for column, value in zip(self._wrapped, row, strict=True):
            column.append(value)


def _number(numbers: dict[UUID, int], value: UUID) -> int:
    return numbers.setdefault(value, len(numbers) + 1)


def _outcome(
    append: Append, answer: Sequence[int], streams: Sequence[UUID], keys: Sequence[UUID]
) -> Appended | Exception:
    outcome, low, high, recorded_at = answer
    if outcome == APPENDED:
        return Appended(low, high, recorded_at)
    if outcome == REPLAYED:
        return Appended(low, high, recorded_at, replayed=True)
    if outcome == CONFLICT:
        stream = streams[low - 1]
        return Conflict(stream, append.expected[stream], high)
    if outcome == KEY_REUSED:
        return KeyReused("the idempotency key stands for something else")
    if outcome == KEY_GONE:
        return KeyGone(keys[low - 1])
    return Malformed(f"stream {streams[low - 1]} belongs to another alliance")
