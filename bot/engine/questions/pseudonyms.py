"""Whose question it was, without saying who: keyed hashes of members."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, field

KEY_BYTES = 32
_HASH_BYTES = 16


@dataclass(frozen=True, slots=True)
class Pseudonyms:
    """Makes hashes that only the holder of the key can make again.

    HMAC-SHA256 (RFC 2104), cut to 128 bits. A bare hash would hide nobody: Discord's numbers of members are known and
    can all be tried. A member has another hash in each guild, so that what two guilds export cannot be joined.
    """

    key: bytes = field(repr=False)

    def of(self, guild: int, user: int) -> str:
        """Return a member's hash in a guild, as 32 hex digits."""
        return self._hash(f"member:{guild}:{user}")

    def wish_of(self, user: int) -> str:
        """Return the hash under which a member's opt-out is kept, which holds in all guilds."""
        return self._hash(f"wish:{user}")

    def _hash(self, text: str) -> str:
        return hmac.new(self.key, text.encode(), hashlib.sha256).digest()[:_HASH_BYTES].hex()
