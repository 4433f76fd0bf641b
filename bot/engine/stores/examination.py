"""Looking at a store without changing anything: not made, not upgraded, not locked."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from bot.engine.errors import StoreUnavailable
from bot.engine.ports.encoders import EncoderIdentity
from bot.engine.stores import segments
from bot.engine.stores.connections import connect
from bot.engine.stores.copies import find_damage
from bot.engine.stores.faults import is_storage_fault, translate
from bot.engine.stores.migrate import load_migrations, read_version


@dataclass(frozen=True, slots=True)
class StoreState:
    """What a store holds. ``version`` is its schema's, ``newest`` the one that this program writes."""

    size: int
    version: int
    newest: int
    guilds: int
    articles: int
    encoder: EncoderIdentity | None
    damage: tuple[str, ...]


def examine(path: Path) -> StoreState | None:
    """Read what there is and check every page and reference; None where there is no store yet.

    Raises StoreUnavailable where it cannot be read, is of a newer version, or is another program's.
    """
    if not path.exists():
        return None
    newest = len(load_migrations())
    try:
        with closing(connect(path, read_only=True)) as connection:
            version = read_version(connection, path, newest)
            if not version:
                return StoreState(path.stat().st_size, 0, newest, 0, 0, None, ())
            damage = tuple(find_damage(connection))
            guilds, articles = connection.execute(
                "SELECT count(*), coalesce(sum(articles), 0) FROM guild WHERE articles > 0"
            ).fetchone()
            present = segments.present_encoder(connection)
            encoder = present[1] if present and segments.has_segments(connection) else None
            return StoreState(path.stat().st_size, version, newest, guilds, articles, encoder, damage)
    except sqlite3.Error as error:
        if is_storage_fault(error):
            raise translate(error, path, name_path=True) from error
        raise StoreUnavailable(f"The store {path} cannot be read ({error}): restore a backup.") from error
    except OSError as error:
        raise StoreUnavailable(f"The store {path} cannot be read ({error}): check its permissions.") from error
