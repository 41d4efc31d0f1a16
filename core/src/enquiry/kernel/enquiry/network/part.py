"""How the network map is added to the enquiry."""

from enquiry.kernel.enquiry.network import views
from enquiry.kernel.enquiry.roles import GROUP
from enquiry.method.builder import Builder


def network(enquiry: Builder) -> None:
    """Add the network map."""
    enquiry.view("network", "Network map", to=GROUP, build=views.network, schema=views.Network)
