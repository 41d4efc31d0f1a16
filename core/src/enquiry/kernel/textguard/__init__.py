"""The text guard: tells authors, before anything is recorded, where a text names or judges people.

``Guard(roster, word_lists("en")).examine(text, "cards")`` returns ``Findings``. It is pure and
deterministic, and answers with the author's own words only: a roster name that is not in the text
is never in the answer.
"""

from enquiry.kernel.textguard.findings import (
    About,
    Code,
    Finding,
    Findings,
    Reason,
    Weight,
)
from enquiry.kernel.textguard.guard import Guard, examine, text_check
from enquiry.kernel.textguard.roster import Descriptor, Person, Role, Roster
from enquiry.kernel.textguard.wordlists import Sentences, WordLists, languages, word_lists
from enquiry.method.fields import Profile

__all__ = [
    "About",
    "Code",
    "Descriptor",
    "Finding",
    "Findings",
    "Guard",
    "Person",
    "Profile",
    "Reason",
    "Role",
    "Roster",
    "Sentences",
    "Weight",
    "WordLists",
    "examine",
    "languages",
    "text_check",
    "word_lists",
]
