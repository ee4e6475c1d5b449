"""`blether version`."""

import typer


def version() -> None:
    """Say which version this is."""
    import platform
    from importlib import metadata

    ours = next((found.version for found in metadata.distributions(name="blether")), "from its source")
    typer.echo(f"blether {ours}  (Rasa {metadata.version('rasa')}, Python {platform.python_version()})")
