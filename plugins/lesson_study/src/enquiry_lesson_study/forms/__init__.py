"""Forms people fill in and facts that are recorded, one module for each part of a lesson study."""
