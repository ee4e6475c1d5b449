"""Settings: what is taken from where, what is refused, and that no refusal quotes what it was given."""

from pathlib import Path

import pytest

from app.settings import Settings, TelegramMode, load_settings
from records.errors import ConfigurationError

SID = "AC" + "0" * 32
SERVICE = "MG" + "0" * 32


def load(home: Path, **given: str) -> Settings:
    return load_settings(
        {"BLETHER_HOME": str(home), **{f"BLETHER_{name.upper()}": value for name, value in given.items()}}
    )


def test_nothing_set_is_a_demo_on_sqlite_for_this_machine_alone(tmp_path: Path) -> None:
    settings = load(tmp_path)
    assert settings.demo
    assert settings.database_url == f"sqlite:///{tmp_path}/blether.db"
    assert (settings.host, settings.port, settings.site) == ("127.0.0.1", 8000, "http://127.0.0.1:8000")


def test_a_database_of_ones_own_is_no_demo_unless_it_is_said(tmp_path: Path) -> None:
    mine = "postgresql://blether@127.0.0.1/blether"
    assert not load(tmp_path, database_url=mine).demo
    assert load(tmp_path, database_url=mine, demo="true").demo
    assert not load(tmp_path, demo="no").demo


def test_the_file_in_the_home_folder_is_read_and_the_environment_wins(tmp_path: Path) -> None:
    (tmp_path / "blether.env").write_text("BLETHER_PORT=9001\nBLETHER_HOST=::1\n")
    settings = load(tmp_path, port="9002")
    assert (settings.port, settings.host) == (9002, "::1")
    assert settings.site == "http://[::1]:9002"


def test_an_empty_value_is_no_value(tmp_path: Path) -> None:
    (tmp_path / "blether.env").write_text("BLETHER_PUBLIC_URL=\nBLETHER_GRACE_DAYS=\n")
    assert load(tmp_path, port="").port == 8000
    assert load(tmp_path).grace_days == Settings.model_fields["grace_days"].default


def test_the_process_environment_is_not_read_behind_the_callers_back(tmp_path: Path) -> None:
    assert load_settings({"BLETHER_HOME": str(tmp_path), "PORT": "1", "HOST": "example"}).port == 8000


def test_a_relative_home_stays_the_same_when_the_folder_changes() -> None:
    settings = load_settings({"BLETHER_HOME": "somewhere"})
    assert settings.home.is_absolute()
    assert str(settings.home) in settings.database_url


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"port": "eight thousand"}, "BLETHER_PORT"),
        ({"port": "0"}, "BLETHER_PORT"),
        ({"database_url": "mysql://me:hunter2@db/blether"}, "BLETHER_DATABASE_URL"),
        ({"public_url": "http://blether.example"}, "BLETHER_PUBLIC_URL"),
        ({"public_url": "https://blether.example/chat"}, "BLETHER_PUBLIC_URL"),
        ({"public_url": "blether.example"}, "BLETHER_PUBLIC_URL"),
        ({"twilio_account_sid": "hunter2"}, "BLETHER_TWILIO_ACCOUNT_SID"),
        ({"twilio_messaging_service": SID}, "BLETHER_TWILIO_MESSAGING_SERVICE"),
        ({"twilio_number": "07700 900123"}, "BLETHER_TWILIO_NUMBER"),
        ({"telegram_mode": "hunter2"}, "BLETHER_TELEGRAM_MODE"),
        ({"settle_seconds": "-1"}, "BLETHER_SETTLE_SECONDS"),
        ({"screen_budget_seconds": "3600"}, "BLETHER_SCREEN_BUDGET_SECONDS"),
        ({"twilio_api_base_url": "https://elsewhere.example"}, "only be changed to this machine"),
    ],
)
def test_what_cannot_be_right_is_named_and_never_quoted(tmp_path: Path, given: dict[str, str], named: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        load(tmp_path, **given)
    assert named in str(caught.value)
    assert "hunter2" not in str(caught.value)


def test_a_setting_that_does_not_exist_is_named(tmp_path: Path) -> None:
    (tmp_path / "blether.env").write_text("BLETHER_TWILO_NUMBER=+447700900123\n")
    with pytest.raises(ConfigurationError, match="does not exist: BLETHER_TWILO_NUMBER"):
        load(tmp_path)


def test_secrets_do_not_show_when_settings_are_printed(tmp_path: Path) -> None:
    settings = load(
        tmp_path,
        twilio_auth_token="hunter2",
        telegram_token="hunter2",
        telegram_secret="hunter2",
        keys="hunter2",
        database_url="postgresql://me:hunter2@127.0.0.1/blether",
    )
    assert "hunter2" not in repr(settings)


def test_each_channel_says_what_it_still_needs(tmp_path: Path) -> None:
    nothing = load(tmp_path)
    assert len(nothing.missing_for_sms) == 4
    assert nothing.missing_for_telegram == ("BLETHER_TELEGRAM_TOKEN", "BLETHER_TELEGRAM_BOT_NAME")
    half = load(tmp_path, twilio_account_sid=SID, twilio_messaging_service=SERVICE)
    assert half.missing_for_sms == ("BLETHER_TWILIO_AUTH_TOKEN", "BLETHER_PUBLIC_URL")


def test_telegram_needs_a_public_address_only_for_a_webhook(tmp_path: Path) -> None:
    bot = {"telegram_token": "1:x", "telegram_bot_name": "@example_bot"}
    assert load(tmp_path, **bot).missing_for_telegram == ()
    webhook = load(tmp_path, **bot, telegram_mode=TelegramMode.WEBHOOK.value)
    assert webhook.missing_for_telegram == ("BLETHER_TELEGRAM_SECRET", "BLETHER_PUBLIC_URL")


def test_the_command_line_wins_over_everything(tmp_path: Path) -> None:
    settings = load(tmp_path, port="9001")
    assert settings.listening_on(None, 9002).port == 9002
    assert settings.listening_on("::1", None).port == 9001
