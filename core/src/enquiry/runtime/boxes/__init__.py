"""Boxes: words that belong together and to nobody, kept apart from the log until they are opened.

The log is in order and signed, and so it would tell which answer is whose. A box is one sealed
value, written anew whenever something is put in, in an order by random tags, under a fresh key:
neither the place, nor the order, nor a time of anything in it is stored.
"""

from enquiry.runtime.boxes.aside import putting_aside
from enquiry.runtime.boxes.keeping import Boxes, MemoryBoxes
from enquiry.runtime.boxes.postgres import PostgresBoxes

__all__ = ["Boxes", "MemoryBoxes", "PostgresBoxes", "putting_aside"]
