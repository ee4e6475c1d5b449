"""`blether migrate`."""

from rich.console import Console


def migrate() -> None:
    """Bring the database to the tables of this version.

    Every start does this too. Run it first when you are about to start many.
    """
    from app.settings import load_settings
    from app.start_up import prepare_database

    prepare_database(load_settings(), Console()).dispose()
