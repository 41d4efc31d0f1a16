"""The least that the rules of a walk remember: ``pieces`` are its words, ``walk`` joins them."""

from enquiry_learning_walks.state.walk import Walk

__all__ = ["Walk"]
