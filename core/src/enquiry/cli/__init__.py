"""The ``enquiry`` command. Its words are entry points, so that each distribution adds its own."""

import rich_click as click

from enquiry.cli.words import Words

__all__ = ["main"]


@click.group(cls=Words, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Enquiry: collaborative enquiry between teachers and schools, recorded event by event."""
