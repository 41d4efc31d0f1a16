"""Norms: proposed in versions, adopted by each member (2.10)."""

from enquiry.kernel.enquiry.guide.rules import rotates_where_needed
from enquiry.kernel.enquiry.norms import forms, rules
from enquiry.kernel.enquiry.roles import FRIENDS, GROUP
from enquiry.method.builder import Builder


def norms(enquiry: Builder) -> None:
    """Add the norms of the group."""
    enquiry.move(
        forms.ProposeNorms,
        by=GROUP,
        decision=True,
        about="norms",
        rules=(rotates_where_needed,),
    )
    enquiry.move(forms.AdoptNorms, by=GROUP, rules=(rules.version_is_current,))
    enquiry.show(forms.ProposeNorms, to=(*GROUP, FRIENDS), today=True)
    enquiry.show(forms.AdoptNorms, to=GROUP, today=True)
    enquiry.watch(*rules.WATCHES)
