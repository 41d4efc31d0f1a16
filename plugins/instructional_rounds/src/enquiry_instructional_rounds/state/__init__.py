"""What the rules must remember: ``pieces`` are its words, ``rounds`` puts them together."""

from enquiry_instructional_rounds.state.rounds import Rounds

__all__ = ["Rounds"]
