"""How long the text guard takes for one note of about 200 characters, and to be made.

A roster of 60 people, with rooms, classes and initials. Medians of the rounds, and the best round.
"""

import statistics
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from enquiry.kernel.textguard import Descriptor, Guard, Person, Roster, word_lists

ROUNDS = 15
NOTES_A_ROUND = 500

FIRST = ["Kelly", "Declan", "Anya", "Petra", "Tom", "Siân", "Lewis", "Grace", "Judith", "Mark"]
FAMILY = ["Rowe", "Moss", "Fields", "Novák", "O'Brien", "van den Berg", "Adeyemi-Cole", "Young"]
FAMILY += ["García López", "Lindqvist", "Achebe", "Wragg", "Crane", "Prosser", "Yusuf"]
NOTES = {
    "one_name": (
        "Ms Rowe had ticked 9 of 12 responses; 22 of 27 wrote no step of their own in the first 14"
        " minutes. Four turned back a page and compared the two results, then crossed out the"
        " second line of the table."
    ),
    "plain": (
        "Pupils copied three worked examples; 22 of 27 wrote no step of their own in the first 14"
        " minutes. Four turned back a page and compared the two results, then crossed out the"
        " second line of the table."
    ),
    "plain_typographic": (
        "Pupils copied three worked examples – 22 of 27 wrote no step of their own in the first 14"
        " minutes. “I don’t know, we just fill it in” said one; four turned back a page and"
        " compared the two results."
    ),
    "named_and_judged": (
        "Ms Rowe had ticked 9 of 12 responses in B4. Excellent use of response time: young people"
        " wanted to add a reason, and O'Brien's group seemed engaged when Novak asked. Room 14 had"
        " the same sheet, with two steps."
    ),
}


def roster() -> Roster:
    people = tuple(
        Person(
            id=str(number),
            name=f"{FIRST[number % 10]} {FAMILY[number % 15]}",
            role="host" if number < 8 else "pupil" if number < 20 else "staff",
            email=f"{FIRST[number % 10].lower()}.{number}@beckroad.example",
        )
        for number in range(60)
    )
    return Roster(
        people,
        rooms=("14", *(f"{block}{number}" for block in "ABMS" for number in range(1, 9))),
        classes=tuple(f"{year}{form}" for year in range(1, 7) for form in "FMR"),
        initials=tuple(f"{a}{b}X" for a in "KPT" for b in "RNW"),
        descriptors=(Descriptor("Y8", 1), Descriptor("maths", 1), Descriptor("Y9", 2)),
    )


def rounds_us(work: Callable[[], object], calls: int) -> list[float]:
    rounds: list[float] = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        for _ in range(calls):
            work()
        rounds.append((time.perf_counter() - begun) / calls * 1e6)
    return rounds


def main(argv: list[str]) -> dict[str, Any]:
    del argv
    lists = word_lists("en")
    guard = Guard(roster(), lists)
    made = rounds_us(lambda: Guard(roster(), lists), 1)
    figures: dict[str, Any] = {"make_for_60_people_ms": statistics.median(made) / 1000}
    for title, text in NOTES.items():
        rounds = rounds_us(partial(guard.examine, text, "notes_shared"), NOTES_A_ROUND)
        figures[f"{title}_us"] = statistics.median(rounds)
        figures[f"{title}_best_us"] = min(rounds)
        figures[f"{title}_findings"] = len(guard.examine(text, "notes_shared").found)
    return figures
