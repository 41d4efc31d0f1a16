"""Find the words of the command line among the installed distributions."""

from importlib.metadata import EntryPoint, entry_points

import rich_click as click

GROUP = "enquiry.commands"
"""Entry-point group: the name is the word, the object a Click command."""


class Words(click.RichGroup):
    """A group whose commands are loaded when they are asked for, and no sooner.

    One that cannot be loaded stays in the list, with the reason, and spoils nothing else.
    """

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every word, in alphabetical order."""
        return sorted({*super().list_commands(ctx), *(found.name for found in announced())})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command for a word; None: there is no such word."""
        own = super().get_command(ctx, cmd_name)
        if own is not None:
            return own
        found = [point for point in announced() if point.name == cmd_name]
        if len(found) > 1:
            owners = " and ".join(sorted(owner(point) for point in found))
            return broken(cmd_name, f"{owners} both bring it")
        return load(found[0]) if found else None


def announced() -> tuple[EntryPoint, ...]:
    """Every word that an installed distribution brings, each once for each that brings it."""
    return tuple(entry_points(group=GROUP))


def owner(point: EntryPoint) -> str:
    """The distribution that brings a word."""
    return point.value if point.dist is None else point.dist.name


def load(point: EntryPoint) -> click.Command:
    """Load one command; what is wrong with it becomes its help text and its error."""
    try:
        command: object = point.load()
    except Exception as error:  # noqa: BLE001 - whatever a stranger's module raises on import
        return broken(point.name, f"{owner(point)}: {type(error).__name__}: {error}")
    if not isinstance(command, click.Command):
        return broken(point.name, f"{owner(point)}: {point.value} is not a command")
    return command


def broken(name: str, reason: str) -> click.Command:
    """A stand-in for a command that cannot be used: it says why, and exits with 1."""
    sentence = f"cannot be used: {reason}"

    def refuse() -> None:
        message = f"the command '{name}' {sentence}"
        raise click.ClickException(message)

    return click.RichCommand(
        name=name,
        callback=refuse,
        help=sentence.replace("\n", " "),
        # Whatever options it would have had, the answer is the same.
        context_settings={"ignore_unknown_options": True, "allow_extra_args": True},
    )
