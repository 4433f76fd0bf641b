"""Discord will not have this client: what discord.py raises then, in a sentence that names the next step."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import aiohttp
import discord

from bot.ui import connection_words

log = logging.getLogger(__name__)

_BAD_TOKEN_CLOSE_CODE = 4004


class DiscordRefused(Exception):
    """Discord will not have this client. The message is one or two sentences that name the next step."""


class WrongToken(DiscordRefused):
    """Discord does not know the token: starting again would not help."""


@contextmanager
def explained_refusals(malformed: Counter[str]) -> Iterator[None]:
    """Raise DiscordRefused in place of whatever ends discord.py's connection.

    ``malformed`` counts what could not be read: ``connection`` for what was not expected at all.
    """
    try:
        yield
    except discord.LoginFailure:
        raise WrongToken(connection_words.DISCORD_REFUSES_LOGIN) from None
    except discord.PrivilegedIntentsRequired:
        raise DiscordRefused(connection_words.NEEDS_INTENT) from None
    except discord.ConnectionClosed as error:
        if error.code == _BAD_TOKEN_CLOSE_CODE:
            raise WrongToken(connection_words.DISCORD_REFUSES_LOGIN) from None
        raise DiscordRefused(connection_words.connection_refused(f"close code {error.code}")) from None
    except (discord.GatewayNotFound, discord.DiscordServerError, aiohttp.ClientError, OSError) as error:
        log.debug("Discord cannot be reached", exc_info=error)
        raise DiscordRefused(connection_words.UNREACHABLE) from error
    except Exception as error:
        # What ends discord.py's connection when Discord sends what it cannot read: logged here, because this
        # process ends with it and a traceback is all that will be left.
        malformed["connection"] += 1
        log.exception("The connection to Discord ended with something unexpected")
        raise DiscordRefused(connection_words.CONNECTION_BROKE) from error
