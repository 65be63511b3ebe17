"""The tree of commands, and the two things all of them share: clean logs and errors that are sentences."""

from __future__ import annotations

import sys

import typer

from bot.cli import content, demand, directory, keys, operate, staff, talk, understand

app = typer.Typer(
    name="orienta",
    help="Information and referral for refugees and people who ask for asylum, city by city.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
talk.add_to(app)
understand.add_to(app)
operate.add_to(app)
app.command()(demand.demo)
app.add_typer(content.app, name="content")
app.add_typer(directory.app, name="directory")
app.add_typer(demand.app, name="demand")
staff.add_to(operate.accounts)
app.add_typer(operate.accounts, name="accounts")
app.add_typer(staff.audit, name="audit")
app.add_typer(operate.db, name="db")
app.add_typer(keys.app, name="key")


def main() -> None:
    """Run a command; what an operator can mend is one sentence on standard error and exit code 1."""
    from bot.cli.shared import words_for_the_operator

    try:
        app()
    except Exception as error:
        words = words_for_the_operator(error)
        if words is None:
            raise
        print(words, file=sys.stderr)
        sys.exit(1)
