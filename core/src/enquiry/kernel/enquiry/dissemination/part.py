"""How the register of dissemination is added to the enquiry."""

from enquiry.kernel.enquiry.dissemination import forms, rules, views
from enquiry.kernel.enquiry.roles import FRIENDS, GROUP
from enquiry.method.builder import Builder


def dissemination(enquiry: Builder) -> None:
    """Add the register; what was approved may be told after the end as well (2.1)."""
    enquiry.move(
        forms.RecordDissemination,
        by=GROUP,
        after_close=True,
        rules=(rules.dissemination_is_known, rules.dissemination_is_adopted, rules.has_happened),
    )
    enquiry.show(forms.RecordDissemination, to=(*GROUP, FRIENDS), today=True)
    enquiry.view(
        "disseminations",
        "Register of dissemination",
        to=(*GROUP, FRIENDS),
        build=views.register,
        schema=views.DisseminationRegister,
    )
