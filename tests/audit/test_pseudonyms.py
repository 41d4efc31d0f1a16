"""What an auditor calls people: the same everywhere, another for every auditor, and never an id."""

import os
from uuid import UUID, uuid4

import pytest

from enquiry.audit.pseudonyms import SECRET_BYTES, Pseudonyms

SECRET = bytes(range(SECRET_BYTES))
ALLIANCE, WREN, OKORO = (UUID(int=n) for n in (1, 2, 3))
PETRA, SAM = uuid4(), uuid4()


def test_an_auditor_meets_the_same_person_under_the_same_name() -> None:
    wren = Pseudonyms(SECRET, ALLIANCE, WREN)
    assert wren.of(PETRA) == Pseudonyms(SECRET, ALLIANCE, WREN).of(PETRA)
    assert wren.of(PETRA) != wren.of(SAM)


def test_a_pseudonym_is_for_ever_the_same() -> None:
    """Bundles that were handed out are read for years."""
    known = Pseudonyms(SECRET, ALLIANCE, WREN).of(UUID(int=4))
    assert known == UUID("bb7548f8-8f2b-829a-94c6-8c11e5e95d64")


@pytest.mark.parametrize(
    ("secret", "alliance", "auditor"),
    [(SECRET, ALLIANCE, OKORO), (SECRET, uuid4(), WREN), (os.urandom(32), ALLIANCE, WREN)],
    ids=["another auditor", "another alliance", "another secret"],
)
def test_two_auditors_cannot_join_their_lists(secret: bytes, alliance: UUID, auditor: UUID) -> None:
    people = [uuid4() for _ in range(200)]
    mine = {Pseudonyms(SECRET, ALLIANCE, WREN).of(person) for person in people}
    other = {Pseudonyms(secret, alliance, auditor).of(person) for person in people}
    assert len(mine) == len(other) == 200
    assert mine.isdisjoint(other)


def test_a_pseudonym_is_no_id_of_anybody_and_fits_where_one_does() -> None:
    pseudonym = Pseudonyms(SECRET, ALLIANCE, WREN).of(PETRA)
    assert (pseudonym.version, pseudonym.variant) == (8, "specified in RFC 4122")


def test_people_are_veiled_wherever_they_stand_and_nothing_else_is() -> None:
    wren, school = Pseudonyms(SECRET, ALLIANCE, WREN), uuid4()
    petra, sam = str(wren.of(PETRA)), str(wren.of(SAM))
    told = {
        "by": str(PETRA),
        "school": str(school),
        "people": [PETRA, str(SAM).upper()],
        str(SAM): {"circle": f"staff:{SAM} and {PETRA}, {SAM}", "pages": 3, "open": None},
    }
    assert wren.veil(told, (PETRA, SAM)) == {
        "by": petra,
        "school": str(school),
        "people": [wren.of(PETRA), sam],
        sam: {"circle": f"staff:{sam} and {petra}, {sam}", "pages": 3, "open": None},
    }
    assert told["by"] == str(PETRA)


def test_a_secret_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Pseudonyms(b"short", ALLIANCE, WREN)


def test_nothing_is_told_of_the_key() -> None:
    assert repr(Pseudonyms(SECRET, ALLIANCE, WREN)) == "Pseudonyms()"
