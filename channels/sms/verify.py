"""Is it really Twilio who calls, and about our account? Nothing is read from a call before that is settled."""

import json
from collections.abc import Mapping
from urllib.parse import parse_qs, parse_qsl

from starlette.datastructures import ImmutableMultiDict
from twilio.request_validator import RequestValidator

from channels.errors import Forged, Malformed
from channels.sms.config import SmsConfig
from channels.web_security import same_secret

SIGNATURE = "X-Twilio-Signature"
_MOST_FIELDS = 500

Fields = Mapping[str, str]


def verified(config: SmsConfig, target: str, body: bytes, headers: Mapping[str, str]) -> Fields:
    """The fields of a call, once its signature and account are right.

    Args: target: path and query as they were asked for.
    Raises: Forged, Malformed.
    """
    url, signature = config.public_url + target, headers.get(SIGNATURE, "")
    is_json = headers.get("content-type", "").partition(";")[0].strip().lower() == "application/json"
    fields = _signed_json(config, url, body, signature) if is_json else _signed_form(config, url, body, signature)
    if not same_secret(fields.get("AccountSid", ""), config.account_sid):
        raise Forged("another account")
    return fields


def _signed_form(config: SmsConfig, url: str, body: bytes, signature: str) -> Fields:
    """Every field counts in the signature, the blank and the unknown ones too."""
    try:
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=_MOST_FIELDS)
    except ValueError:
        raise Malformed("not a form") from None
    fields: ImmutableMultiDict[str, str] = ImmutableMultiDict(pairs)
    if not RequestValidator(config.auth_token).validate(url, fields, signature):
        raise Forged("signature")
    return fields


def _signed_json(config: SmsConfig, url: str, body: bytes, signature: str) -> Fields:
    """The signature covers the address alone, so the body must match the hash that the address carries."""
    if "bodySHA256" not in parse_qs(url.partition("?")[2]):
        raise Forged("no hash of the body")
    try:
        text = body.decode()
    except UnicodeDecodeError:
        raise Malformed("not text") from None
    if not RequestValidator(config.auth_token).validate(url, text, signature):
        raise Forged("signature")
    try:
        loaded = json.loads(text)
    except ValueError:
        raise Malformed("not JSON") from None
    if not isinstance(loaded, dict):
        raise Malformed("not an object")
    return {name: value if isinstance(value, str) else json.dumps(value) for name, value in loaded.items()}
