"""robots.txt (RFC 9309), for one user agent."""

from __future__ import annotations

from dataclasses import dataclass

PRODUCT = "pullquote"
MOST_BYTES = 512 * 1024
_MOST_LINES = 10_000
_MOST_WILDCARDS = 8


@dataclass(frozen=True, slots=True)
class RobotRules:
    """The rules of a host for this program: (pattern, whether it allows), in the order of the file."""

    rules: tuple[tuple[str, bool], ...] = ()

    def allow(self, path: str) -> bool:
        """Say whether a path (with its query) may be read: the longest matching pattern decides, then allowing."""
        best, allowed = -1, True
        for pattern, allows in self.rules:
            if (len(pattern) > best or (len(pattern) == best and allows)) and _matches(pattern, path):
                best, allowed = len(pattern), allows
        return allowed


def read_robots(data: bytes) -> RobotRules:
    """Read the rules that name this program or, where none do, those for everyone."""
    own: list[tuple[str, bool]] = []
    everyone: list[tuple[str, bool]] = []
    is_named = False
    agents: list[str] = []
    in_rules = False
    for line in data[:MOST_BYTES].decode("utf-8", "replace").removeprefix("\ufeff").splitlines()[:_MOST_LINES]:
        key, colon, value = line.partition("#")[0].partition(":")
        key, value = key.strip().lower(), value.strip()
        if not colon:
            continue
        if key == "user-agent":
            if in_rules:
                agents, in_rules = [], False
            agents.append(value.lower())
            is_named = is_named or value.lower() == PRODUCT
        elif key in ("allow", "disallow"):
            in_rules = True
            if value and value.count("*") <= _MOST_WILDCARDS:
                rule = (value, key == "allow")
                if PRODUCT in agents:
                    own.append(rule)
                if "*" in agents:
                    everyone.append(rule)
    return RobotRules(tuple(own if is_named else everyone))


def _matches(pattern: str, path: str) -> bool:
    """Match a pattern at the path's beginning: ``*`` is anything, a final ``$`` the end. Takes linear time a part."""
    is_whole = pattern.endswith("$")
    first, *parts = pattern.removesuffix("$").split("*")
    if not path.startswith(first):
        return False
    if not parts:
        return not is_whole or len(path) == len(first)
    at = len(first)
    *middle, last = parts
    for part in middle:
        found = path.find(part, at)
        if found < 0:
            return False
        at = found + len(part)
    if is_whole:
        return len(path) - at >= len(last) and path.endswith(last)
    return path.find(last, at) >= 0
