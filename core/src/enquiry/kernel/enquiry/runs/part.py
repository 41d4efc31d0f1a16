"""How the list of runs is added to the enquiry."""

from enquiry.kernel.enquiry.roles import GROUP
from enquiry.kernel.enquiry.runs import views
from enquiry.method.builder import Builder


def runs(enquiry: Builder) -> None:
    """Add the list of runs."""
    enquiry.view(
        "runs", "Runs of the enquiry", to=GROUP, build=views.runs, schema=views.RunsOfEnquiry
    )
