"""The least that the rules of rounds remember: ``pieces`` are its words, ``rounds`` joins them."""

from enquiry_instructional_rounds.state.rounds import Rounds

__all__ = ["Rounds"]
