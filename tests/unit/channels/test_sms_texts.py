"""Sizes of texts, error codes, and settings."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.errors import (
    BadAddress,
    BadContent,
    ChannelError,
    OurConfiguration,
    OutsideWindow,
    StopContact,
    TryAgain,
    TryOnceLater,
)
from channels.sms.codes import error_for
from channels.sms.config import SmsConfig
from channels.sms.segments import Size, is_gsm7, measure
from records.errors import ConfigurationError


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("", Size(True, 0, 1)),
        ("a" * 160, Size(True, 160, 1)),
        ("a" * 161, Size(True, 161, 2)),
        ("a" * 306, Size(True, 306, 2)),
        ("a" * 307, Size(True, 307, 3)),
        ("^{}\\[~]|€", Size(True, 18, 1)),
        ("€" * 80, Size(True, 160, 1)),
        ("€" * 81, Size(True, 162, 2)),
        ("a" * 152 + "€" + "a" * 152, Size(True, 306, 3)),  # the escape does not fit in the first part's last place
        ("Glè mhath, à è ì ò ù", Size(True, 20, 1)),
        ("À" * 70, Size(False, 70, 1)),
        ("À" * 71, Size(False, 71, 2)),
        ("’" * 135, Size(False, 135, 3)),
        ("👍" * 35, Size(False, 70, 1)),
        ("👍" * 36, Size(False, 72, 2)),
        ("👍" * 67, Size(False, 134, 3)),  # 33 pairs fit in a part of 67
    ],
)
def test_a_text_is_measured_as_networks_cut_it(text: str, size: Size) -> None:
    assert measure(text) == size


@given(st.text(max_size=400))
def test_parts_are_never_fewer_than_their_room_allows(text: str) -> None:
    size = measure(text)
    single, part = (160, 153) if size.gsm7 else (70, 67)
    assert size.units >= len(text)
    assert size.segments == 1 if size.units <= single else size.segments >= -(-size.units // part)
    assert size.gsm7 == is_gsm7(text)


@given(text=st.text(alphabet="abc^{}€ \n", max_size=400))
def test_the_letters_counted_are_those_of_the_house(text: str, septets: Callable[[str], int]) -> None:
    assert measure(text).units == septets(text)


@pytest.mark.parametrize(
    ("kind", "codes"),
    [
        (StopContact, [21610]),
        (BadAddress, [21211, 21614, 30005, 30006]),
        (OurConfiguration, [20003, 20404, 21408, 21606, 21612, 30002]),
        (BadContent, [21617, 30004, 30007, 30010]),
        (TryAgain, [20429, 21611, 30001, 63018]),
        (TryOnceLater, [30003, 30008]),
        (OutsideWindow, [63016]),
    ],
)
def test_each_code_has_one_kind(kind: type[ChannelError], codes: list[int]) -> None:
    for code in codes:
        assert type(error_for(code, 400)) is kind
        assert error_for(str(code)).code == str(code)


@pytest.mark.parametrize(
    ("code", "status", "kind", "retryable"),
    [
        (None, 500, TryAgain, True),
        (None, 503, TryAgain, True),
        (99999, 502, TryAgain, True),
        (None, 429, TryAgain, True),
        (None, 401, OurConfiguration, False),
        (99999, 400, ChannelError, False),
        (None, None, ChannelError, False),
        ("not a number", None, ChannelError, False),
    ],
)
def test_without_a_known_code_the_status_decides(code, status, kind, retryable) -> None:
    error = error_for(code, status)
    assert (type(error), error.retryable) == (kind, retryable)


def test_after_a_server_error_the_message_may_have_been_taken() -> None:
    server, busy = error_for(None, 500), error_for(20429, 429)
    assert isinstance(server, TryAgain)
    assert isinstance(busy, TryAgain)
    assert (server.uncertain, busy.uncertain) == (True, False)


@pytest.mark.parametrize(
    "changed",
    [
        {"account_sid": "SK1"},
        {"auth_token": ""},
        {"number": None},
        {"number": "07700 900123"},
        {"public_url": "http://chat.example.org"},
        {"public_url": "chat.example.org"},
    ],
)
def test_half_a_configuration_is_none(changed: dict[str, str | None]) -> None:
    whole = {"account_sid": "AC1", "auth_token": "t", "public_url": "https://x.example", "number": "+447700900001"}
    with pytest.raises(ConfigurationError):
        SmsConfig(**(whole | changed))


def test_the_token_is_not_printed_and_the_address_loses_its_last_slash() -> None:
    config = SmsConfig("AC1", "invented-token", "https://x.example/", number="+447700900001")
    assert "invented-token" not in repr(config)
    assert config.public_url == "https://x.example"
