"""The facilitator's guide: five dimensions, three phases, three boxes for every school (2.8)."""
