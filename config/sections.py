"""One frozen model per section of the settings, with units and ranges; ``default.toml`` explains each key."""

from __future__ import annotations

import ipaddress
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr


def _require_loopback(url: str) -> str:
    """Refuse any address that is not this machine: a wrong base would post the token to a stranger."""
    if not url:
        return url
    host = urlsplit(url).hostname or ""
    if host == "localhost":
        return url
    try:
        is_loopback = ipaddress.ip_address(host).is_loopback
    except ValueError:
        is_loopback = False
    if not is_loopback:
        raise ValueError(
            "must be a loopback address such as http://127.0.0.1:8080 (it is for the sandbox and the tests), or empty"
        )
    return url


HeaderText = Annotated[str, Field(max_length=200, pattern=r"^[\x21-\x7e]?([\x20-\x7e]*[\x21-\x7e])?$")]
"""What may stand in a header: ASCII without line breaks."""
LoopbackUrl = Annotated[str, AfterValidator(_require_loopback)]


class Section(BaseModel):
    """What all sections share: unknown keys are refused, values never change, errors never print a secret."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class DiscordSection(Section):
    """How the bot reaches Discord."""

    token: SecretStr | None = None
    api_base: LoopbackUrl = ""
    gateway_url: LoopbackUrl = ""
    private_answers: bool = False
    message_content: bool = False
    ready_timeout_seconds: Annotated[float, Field(gt=0, le=60)] = 2.0


class StoreSection(Section):
    """Where articles are kept."""

    url: str = ""


class EncoderSection(Section):
    """What turns text into embeddings."""

    model: Annotated[str, Field(min_length=1)] = "bundled"
    threads: Annotated[int, Field(ge=1, le=64)] = 1
    batch_size: Annotated[int, Field(ge=1, le=256)] = 8


class RetrievalSection(Section):
    """How passages are found."""

    top_k: Annotated[int, Field(ge=1, le=10)] = 3
    keep_token_vectors: bool = True
    wrong_answers_in_100: Annotated[float, Field(ge=0, le=50)] = 1.0
    calibration: str = ""
    reranker: str = ""
    reranker_candidates: Annotated[int, Field(ge=2, le=100)] = 10
    reranker_budget_ms: Annotated[int, Field(ge=10, le=60_000)] = 1_000


class IngestSection(Section):
    """What an article may be."""

    max_bytes: Annotated[int, Field(ge=1_000, le=100_000_000)] = 10_485_760
    max_characters: Annotated[int, Field(ge=1_000, le=50_000_000)] = 6_000_000
    max_lines: Annotated[int, Field(ge=100, le=1_000_000)] = 100_000
    max_passages: Annotated[int, Field(ge=1, le=200_000)] = 20_000
    child_megabytes: Annotated[int, Field(ge=128, le=65_536)] = 1_024
    child_cpu_seconds: Annotated[int, Field(ge=1, le=3_600)] = 30
    child_seconds: Annotated[int, Field(ge=1, le=3_600)] = 60
    children: Annotated[int, Field(ge=1, le=64)] = 2


class FetchSection(Section):
    """How web pages are fetched, and from where."""

    enabled: bool = True
    contact: HeaderText = ""
    user_agent: HeaderText = ""
    timeout_seconds: Annotated[float, Field(gt=0, le=300)] = 20.0
    max_bytes: Annotated[int, Field(ge=1_000, le=100_000_000)] = 5_242_880
    at_once: Annotated[int, Field(ge=1, le=64)] = 4
    per_guild_per_hour: Annotated[int, Field(ge=1, le=100_000)] = 60
    honour_robots: bool = True
    allowed_hosts: list[str] = []
    refresh_hours: Annotated[int, Field(ge=0, le=8_760)] = 0


class SummariesSection(Section):
    """Summaries of pages and files that are not in the library."""

    guests: Literal["members", "managers", "nobody"] = "members"
    guests_per_hour: Annotated[int, Field(ge=1, le=100_000)] = 30
    guests_per_member_per_hour: Annotated[int, Field(ge=1, le=100_000)] = 6
    guest_passages: Annotated[int, Field(ge=10, le=20_000)] = 400


class LimitsSection(Section):
    """How much may wait at once, and how much one server may store."""

    question_characters: Annotated[int, Field(ge=10, le=4_000)] = 1_000
    waiting_questions: Annotated[int, Field(ge=1, le=10_000)] = 64
    waiting_articles: Annotated[int, Field(ge=1, le=1_000)] = 8
    index_megabytes: Annotated[int, Field(ge=16, le=1_000_000)] = 512
    guild_articles: Annotated[int, Field(ge=1, le=10_000_000)] = 10_000
    guild_passages: Annotated[int, Field(ge=1, le=100_000_000)] = 200_000
    guild_megabytes: Annotated[int, Field(ge=1, le=1_000_000)] = 200


class PrivacySection(Section):
    """What is kept of questions and of servers that were left, and for how long."""

    question_days: Annotated[int, Field(ge=0, le=3_650)] = 30
    grace_days: Annotated[int, Field(ge=1, le=3_650)] = 30
    key: Annotated[SecretStr, Field(min_length=16)] | None = None


class LogSection(Section):
    """What is logged."""

    level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
