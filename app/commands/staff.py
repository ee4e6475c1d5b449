"""`blether staff add`."""

import sys
from typing import Annotated

import typer

from records.types import Role


def add(
    username: Annotated[str, typer.Argument(help="Small letters, digits, dots and dashes.")],
    name: Annotated[str, typer.Option(prompt="Name", help="The person's name, as colleagues see it.")],
    role: Annotated[list[Role], typer.Option(help="What they may do. Give it again for another role.")],
) -> None:
    """Make an account for somebody who works here.

    The password is asked for, or read from the first line of the input.
    """
    from app.settings import load_settings
    from app.start_up import open_records
    from console.accounts import create_staff

    password = _password()
    database = open_records(load_settings())
    try:
        with database.write() as unit:
            made = create_staff(unit, username, name, role, password)
            told = f"{made.username} may now sign in to the console as {', '.join(made.roles)}."
    finally:
        database.dispose()
    typer.echo(told)


def _password() -> str:
    if sys.stdin.isatty():
        return str(typer.prompt("Password", hide_input=True, confirmation_prompt="Once more"))
    return sys.stdin.readline().rstrip("\n")
