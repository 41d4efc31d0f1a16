"""How the timeline is added to the enquiry."""

from enquiry.kernel.enquiry.roles import GROUP
from enquiry.kernel.enquiry.timeline import views
from enquiry.method.builder import Builder


def timeline(enquiry: Builder) -> None:
    """Add the timeline."""
    enquiry.view(
        "timeline", "Journey timeline", to=GROUP, build=views.timeline, schema=views.Timeline
    )
