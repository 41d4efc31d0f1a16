"""The moves of a lesson study, one module for each part; ``method`` reads them aloud in order."""
