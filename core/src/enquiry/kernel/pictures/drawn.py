"""Which views of an enquiry have a picture."""

from collections.abc import Callable, Mapping
from typing import Any

from enquiry.kernel.pictures.grid import grid
from enquiry.kernel.pictures.matrix import matrix
from enquiry.kernel.pictures.network import network
from enquiry.kernel.pictures.progress import progress
from enquiry.kernel.pictures.timeline import timeline
from enquiry.kernel.pictures.tracker import tracker

Picture = Callable[[Mapping[str, Any]], str]
"""From a view, as plain JSON values with its texts opened, to an SVG document."""

PICTURES: Mapping[str, Picture] = {
    "timeline": timeline,
    "measures": tracker,
    "evidence-matrix": matrix,
    "progress": progress,
    "innovation-grid": grid,
    "network": network,
}
"""By the name of the view."""
