"""The child's side: reads one request from standard input, gives up its rights, parses, and answers."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any, BinaryIO

from bot.engine.errors import EngineError
from bot.engine.ingest.parse import IngestLimits
from bot.engine.ingest.worker.confinement import ChildLimits, confine
from bot.engine.ingest.worker.frames import article_frames, json_frame, read_frame
from bot.engine.records.articles import ParsedArticle
from bot.engine.records.sources import ArticleSource

PACKAGE = Path(__file__).parents[3]
OUT_OF_MEMORY = 70
_NUMPY = {"OPENBLAS_NUM_THREADS": "1", "OPENBLAS_MAIN_FREE": "1", "GOTOBLAS_MAIN_FREE": "1"}
Parse = Callable[[ArticleSource, IngestLimits], ParsedArticle]


def main(target: str) -> None:
    """Serve one request with the function that ``target`` (``module:function``) names, and end."""
    requests, answers = sys.stdin.buffer, _claim_output()
    # A text's labelling loads numpy late, when threads can no longer be started nor the environment be changed.
    os.environ.update(_NUMPY)
    parse = _find(target)
    request: dict[str, Any] = json.loads(read_frame(requests))
    confine(ChildLimits(**request["child"]), PACKAGE, request["parent"])
    try:
        source = ArticleSource(data=read_frame(requests), **request["source"])
        for part in _answer(parse, source, IngestLimits(**request["limits"])):
            answers.write(part)
        answers.flush()
    except MemoryError:
        os._exit(OUT_OF_MEMORY)
    # Nothing that the file brought along runs any more: no destructor, no exit handler.
    os._exit(0)


def _answer(parse: Parse, source: ArticleSource, limits: IngestLimits) -> list[bytes]:
    try:
        parsed = parse(source, limits)
        return [json_frame({"ok": True}), *article_frames(parsed)]
    except EngineError as error:
        return [json_frame({"error": type(error).__name__, "message": str(error)})]
    except MemoryError:
        return [json_frame({"error": "MemoryError"})]
    except RecursionError:
        return [json_frame({"error": "RecursionError"})]
    except Exception as error:  # noqa: BLE001 -- whatever a hostile file made of the parser, the parent hears its name
        return [json_frame({"error": "Exception", "message": type(error).__name__})]


def _find(target: str) -> Parse:
    module, _, name = target.partition(":")
    parse: Parse = getattr(import_module(module), name)
    return parse


def _claim_output() -> BinaryIO:
    """Keep standard output for the answer: what a library prints must not get into it."""
    answers = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    os.close(nowhere)
    return answers
