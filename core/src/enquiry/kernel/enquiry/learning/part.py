"""How learning cards are added to the enquiry."""

from enquiry.kernel.enquiry.learning import forms, views
from enquiry.kernel.enquiry.roles import GROUP
from enquiry.kernel.enquiry.state import Enquiry
from enquiry.method.builder import Builder
from enquiry.method.method import Recorded
from enquiry.method.roles import Viewer


def learning(enquiry: Builder) -> None:
    """Add learning cards."""
    enquiry.move(forms.RecordLearningCard, by=GROUP)
    enquiry.show(forms.RecordLearningCard, to=GROUP, today=True, when=_is_shared)
    enquiry.view(
        "learning", "What am I learning", to=GROUP, build=views.learning, schema=views.Learning
    )


def _is_shared(s: Enquiry, fact: Recorded, viewer: Viewer) -> bool:
    """Its author shares it, and has recorded no other since"""
    del viewer
    card = s.cards.get(fact.was.by)
    current = card is not None and card.revision == fact.was.revision
    return current and views.shared_now(s, fact.was.by)
