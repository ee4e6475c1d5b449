"""`blether chat`: a phone in the terminal."""

import typer


def chat(
    channel: str = typer.Option("sms", help="What the phone speaks: sms, telegram or web."),
) -> None:
    """A phone in this terminal.

    What you write goes through the real intake, screen, dialogue and delivery.
    """
    from app.phone import chat as talk
    from app.settings import load_settings
    from app.start_up import limit_threads
    from records.types import ChannelName

    settings = load_settings()
    limit_threads(settings.threads)
    talk(settings, ChannelName(channel))
