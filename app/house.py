"""The house: every room wired to the others, once. It decides nothing for them."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from random import Random

from app.settings import Settings, TelegramMode
from app.start_up import open_unmigrated
from bot.words import Words
from channels.delivery import Delivery
from channels.intake import Intake, Settling
from channels.interface import Channel
from channels.replies import FixedReplies
from channels.sms.config import SmsConfig
from channels.sms.send import SmsChannel
from channels.telegram.config import TelegramConfig
from channels.telegram.send import TelegramChannel
from channels.web.send import WebChannel
from protection.screen import Screen, default_screen, screen_safely
from records.clock import Clock
from records.database import Database
from records.types import ChannelName, Inbound, Verdict

_SCREENING_THREADS = 8


@dataclass(frozen=True, slots=True)
class House:
    """One running Blether. The dialogue is not in here: only the worker that takes turns loads it."""

    settings: Settings
    database: Database
    intake: Intake
    channels: Mapping[ChannelName, Channel]
    delivery: Delivery
    sms: SmsConfig | None = None
    telegram: TelegramConfig | None = None
    closing: Sequence[Callable[[], None]] = field(default=(), repr=False)

    @property
    def clock(self) -> Clock:
        return self.database.clock

    def close(self) -> None:
        """Let go of connections and threads."""
        for close in self.closing:
            close()


def build_house(settings: Settings, clock: Clock | None = None) -> House:
    """The house for these settings. The tables must be there already."""
    database = open_unmigrated(settings, clock)
    sms, telegram = sms_config(settings), telegram_config(settings)
    channels: dict[ChannelName, Channel] = {ChannelName.WEB: WebChannel()}
    closing: list[Callable[[], None]] = []
    if sms is not None:
        channels[ChannelName.SMS] = SmsChannel(sms)
    if telegram is not None:
        bot = TelegramChannel(telegram)
        channels[ChannelName.TELEGRAM] = bot
        closing.append(bot.close)
    return furnish(settings, database, channels, sms=sms, telegram=telegram, closing=closing)


def furnish(
    settings: Settings,
    database: Database,
    channels: Mapping[ChannelName, Channel],
    *,
    sms: SmsConfig | None = None,
    telegram: TelegramConfig | None = None,
    closing: Sequence[Callable[[], None]] = (),
    rng: Random | None = None,
) -> House:
    """A house around a database, with these ways out."""
    executor = ThreadPoolExecutor(_SCREENING_THREADS, thread_name_prefix="screen")
    ask = partial(screen_inbound, default_screen(), executor, settings.screen_budget_seconds)
    return House(
        settings=settings,
        database=database,
        intake=Intake(database, ask, FixedReplies(Words.load()), settling(settings)),
        channels=channels,
        delivery=Delivery(database, channels, rng or Random()),
        sms=sms,
        telegram=telegram,
        closing=(*closing, partial(executor.shutdown, wait=False, cancel_futures=True), database.dispose),
    )


def screen_inbound(
    screen: Screen, executor: ThreadPoolExecutor, budget: float, inbound: Inbound, asked: str | None
) -> Verdict:
    """Screen what came in, within the budget. A failure counts as unscreened, and alerts a person."""
    return screen_safely(screen, inbound.text, executor=executor, budget=budget, kind=inbound.kind, asked=asked)


def settling(settings: Settings) -> Settling:
    """How long to wait for a second message, as the settings say."""
    return Settling(
        usual=timedelta(seconds=settings.settle_seconds), story=timedelta(seconds=settings.story_settle_seconds)
    )


def sms_config(settings: Settings) -> SmsConfig | None:
    """What SMS needs; None while the channel is closed."""
    if settings.missing_for_sms or settings.twilio_auth_token is None:
        return None
    return SmsConfig(
        account_sid=settings.twilio_account_sid,
        auth_token=settings.twilio_auth_token.get_secret_value(),
        public_url=settings.public_url,
        number=settings.twilio_number or None,
        messaging_service=settings.twilio_messaging_service or None,
        api_base_url=settings.twilio_api_base_url or None,
    )


def telegram_config(settings: Settings) -> TelegramConfig | None:
    """What Telegram needs; None while the channel is closed."""
    if settings.missing_for_telegram or settings.telegram_token is None:
        return None
    by_webhook = settings.telegram_mode is TelegramMode.WEBHOOK
    secret = settings.telegram_secret.get_secret_value() if settings.telegram_secret and by_webhook else None
    return TelegramConfig(
        token=settings.telegram_token.get_secret_value(),
        bot_name=settings.telegram_bot_name,
        webhook_secret=secret,
        public_url=settings.public_url if by_webhook else None,
        api_base_url=settings.telegram_api_base_url or None,
    )
