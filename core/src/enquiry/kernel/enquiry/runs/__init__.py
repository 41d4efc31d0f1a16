"""The runs of methods that serve the enquiry (2.20)."""
