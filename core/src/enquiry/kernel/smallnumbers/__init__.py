"""Small numbers: which figures about people may be shown together.

The law: whoever reads everything that is shown cannot narrow down any group of fewer than ``n``
people to ``n`` numbers or fewer. A figure below ``n`` is withheld (primary suppression), and so is
every figure from which it could be worked out by adding and subtracting (secondary, or
complementary, suppression). ``suppression`` says which are left; ``bounds`` does the arithmetic.
"""

from enquiry.kernel.smallnumbers.suppression import SMALL, Table, crossed, grown, shown

__all__ = ["SMALL", "Table", "crossed", "grown", "shown"]
