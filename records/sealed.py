"""The sealed box: words and addresses are encrypted before they touch the database, under keys kept outside it.

AES-256-GCM; the associated data is table, row, column and key version, so that a value moved to another place does not
open there. Lookup of an address is by HMAC-SHA256 under a key of its own that never rotates.
"""

import base64
import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from records.errors import ConfigurationError, SealError

_KEY_BYTES = 32
_NONCE_BYTES = 12
_VERSION_BYTES = 2


@dataclass(frozen=True, slots=True, repr=False)
class KeyRing:
    """The keys of one installation. Never printed, never stored beside what they open."""

    seals: Mapping[int, bytes]  # version -> key; old versions stay until everything is sealed anew
    current: int
    lookup: bytes  # finds an address again; never rotates
    placeholder: bytes  # numbers the names in one conversation
    session: bytes  # signs the cookies of the web pages

    @classmethod
    def generate(cls) -> "KeyRing":
        """A new ring with one sealing key."""
        return cls({1: secrets.token_bytes(_KEY_BYTES)}, 1, *(secrets.token_bytes(_KEY_BYTES) for _ in range(3)))

    @classmethod
    def from_json(cls, text: str) -> "KeyRing":
        """Read a ring as `to_json` writes it. Raises: ConfigurationError when it is not one."""
        try:
            raw = json.loads(text)
            seals = {int(version): _decode(key) for version, key in raw["seals"].items()}
            ring = cls(
                seals, int(raw["current"]), *(_decode(raw[name]) for name in ("lookup", "placeholder", "session"))
            )
        except (ValueError, KeyError, TypeError, AttributeError):
            raise ConfigurationError(
                "The keys cannot be read. Point BLETHER_KEYS or the key file at the keys this database was made with."
            ) from None
        if ring.current not in ring.seals:
            raise ConfigurationError("The current sealing key is not among the keys.")
        if not all(0 < version < 1 << 8 * _VERSION_BYTES for version in ring.seals):
            raise ConfigurationError("The sealing keys are numbered from 1 to 65535.")
        return ring

    def to_json(self) -> str:
        """The ring as text, for a file that only its owner can read."""
        return json.dumps(
            {
                "seals": {str(version): _encode(key) for version, key in self.seals.items()},
                "current": self.current,
                "lookup": _encode(self.lookup),
                "placeholder": _encode(self.placeholder),
                "session": _encode(self.session),
            }
        )

    def rotated(self) -> "KeyRing":
        """The same ring with a new sealing key in use; what was sealed before still opens."""
        newest = max(self.seals) + 1
        seals = {**self.seals, newest: secrets.token_bytes(_KEY_BYTES)}
        return KeyRing(seals, newest, self.lookup, self.placeholder, self.session)


def _encode(key: bytes) -> str:
    return base64.b64encode(key).decode()


def _decode(text: str) -> bytes:
    key = base64.b64decode(text, validate=True)
    if len(key) != _KEY_BYTES:
        raise ValueError("a key is 32 bytes")
    return key


def load_keys(path: Path, given: str | None = None) -> KeyRing:
    """The installation's keys: from `given` (BLETHER_KEYS), else the file, which is made at the first start.

    Raises: ConfigurationError when the file is open to others or cannot be read.
    """
    if given:
        return KeyRing.from_json(given)
    try:
        if not os.path.lexists(path):
            _create(path)
        return _read(path)
    except OSError:
        raise ConfigurationError(
            f"The key file {path} can be neither read nor made. Check who owns its folder, or set BLETHER_HOME."
        ) from None


def _create(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_suffix(f".{secrets.token_hex(8)}.draft")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(KeyRing.generate().to_json())
        file.flush()
        os.fsync(file.fileno())
    try:
        with suppress(FileExistsError):  # another process was first: its keys are the keys
            os.link(draft, path)  # whole or not at all, and never over an existing key
    finally:
        draft.unlink()


def _read(path: Path) -> KeyRing:
    if path.stat().st_mode & 0o077:
        raise ConfigurationError(f"The key file {path} can be read by others. Run: chmod 600 {path}")
    return KeyRing.from_json(path.read_bytes().decode(errors="replace"))


class SealedBox:
    """Seals and opens single values, and makes the keyed hashes by which they are found again."""

    def __init__(self, keys: KeyRing) -> None:
        self._keys = keys
        self._ciphers = {version: AESGCM(key) for version, key in keys.seals.items()}

    def seal(self, table: str, row: str, column: str, text: str) -> bytes:
        """Encrypt `text` for one place: key version (2 bytes), nonce (12 bytes), ciphertext and tag."""
        version, nonce = self._keys.current, secrets.token_bytes(_NONCE_BYTES)
        sealed = self._ciphers[version].encrypt(
            nonce, text.encode("utf-8", "surrogatepass"), _place(table, row, column, version)
        )
        return version.to_bytes(_VERSION_BYTES, "big") + nonce + sealed

    def open(self, table: str, row: str, column: str, sealed: bytes) -> str:
        """Decrypt what was sealed for this very place.

        Raises: SealError when the key is missing, the value was changed, or it was sealed for another place.
        """
        version = int.from_bytes(sealed[:_VERSION_BYTES], "big")
        cipher = self._ciphers.get(version)
        if cipher is None:
            raise SealError(f"Sealing key {version} is missing. Put it back; nothing is lost.")
        nonce, body = sealed[_VERSION_BYTES : _VERSION_BYTES + _NONCE_BYTES], sealed[_VERSION_BYTES + _NONCE_BYTES :]
        try:
            opened = cipher.decrypt(nonce, body, _place(table, row, column, version))
        except (InvalidTag, ValueError):
            raise SealError("A sealed value was changed or moved, and does not open.") from None
        return opened.decode("utf-8", "surrogatepass")

    def lookup(self, *parts: str) -> str:
        """The keyed hash by which an address or a provider's message id is found again (64 hex digits)."""
        message = "\x1f".join(parts).encode("utf-8", "surrogatepass")
        return hmac.new(self._keys.lookup, message, hashlib.sha256).hexdigest()

    @property
    def placeholder_key(self) -> bytes:
        """The key that numbers names within a conversation."""
        return self._keys.placeholder

    @property
    def session_key(self) -> bytes:
        """The key that signs cookies."""
        return self._keys.session


def _place(table: str, row: str, column: str, version: int) -> bytes:
    return "\x1f".join((table, row, column, str(version))).encode()
