"""``evaluate``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.options import json_option, print_json, progress_bar
from bot.engine.errors import StoreUnavailable

if TYPE_CHECKING:
    from bot.engine.evaluation.asking import Asked
    from bot.engine.evaluation.question_set import QuestionSet

_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.command()
@click.option(
    "--corpus",
    type=click.Path(path_type=Path, exists=True),
    required=True,
    help="The articles as JSON lines, or a BEIR folder.",
)
@click.option("--questions", type=_FILE, help="The questions as JSON lines.")
@click.option("--off-topic", type=_FILE, help="Questions that their article does not answer, as JSON lines.")
@click.option("--split", metavar="NAME", help="The split of a BEIR folder. Default: test.")
@click.option(
    "--scope",
    type=click.Choice(["article", "library"]),
    help="Ask each question of its article, or of the whole library. Default: article; of a BEIR folder, library.",
)
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="Ask N questions of each kind, drawn by a seed.")
@click.option("--predictions", type=click.Path(path_type=Path, dir_okay=False), help="Write one JSON line a question.")
@click.option(
    "--cache",
    type=click.Path(path_type=Path, file_okay=False),
    help="Keep what is encoded in this folder, for the next time.",
)
@click.option("--calibrate", is_flag=True, help="Fit the confidence to these questions, from now on, and say where.")
@json_option
def evaluate(
    corpus: Path,
    questions: Path | None,
    off_topic: Path | None,
    split: str | None,
    scope: str | None,
    limit: int | None,
    predictions: Path | None,
    cache: Path | None,
    calibrate: bool,
    as_json: bool,
) -> None:
    """Measure the answers on your own questions, through the very code that answers them in Discord.

    Your articles stay as they are: the corpus is put into a store of its own, which is gone afterwards. The formats and
    how to read the figures: docs/evaluating.md.

    \b
    Examples:
      pullquote evaluate --corpus corpus.jsonl --questions questions.jsonl --off-topic off-topic.jsonl
      pullquote evaluate --corpus corpus.jsonl --questions questions.jsonl --scope library --json
      pullquote evaluate --corpus scifact/ --limit 300
    """
    # Only now: `pullquote --help` imports every command's module.
    from bot.cli.figures import evaluation_as_json, evaluation_as_text
    from bot.engine.evaluation.asking import Scope, ask_questions, check_questions, draw_questions
    from bot.engine.evaluation.cache import CachedEncoder
    from bot.engine.evaluation.predictions import write_predictions
    from bot.engine.evaluation.report import make_report
    from bot.engine.evaluation.shelving import shelve_articles
    from bot.log import setup_logging
    from bot.wiring import calibration_path, scratch_library
    from config.settings import load_settings

    question_set = _read(corpus, questions, off_topic, split, scope)
    wanted = Scope(scope or ("library" if corpus.is_dir() else "article"))
    settings = load_settings()
    setup_logging(settings.log.level if settings.log.level == "DEBUG" else "WARNING")
    drawn = draw_questions(question_set.questions, limit)
    check_questions(drawn, wanted, settings.limits.question_characters)
    if predictions is not None:
        write_predictions(predictions, ())  # rather now than after the work
    for note in question_set.notes:
        click.echo(f"Note: {note}.", err=True)
    with scratch_library(settings, cache) as scratch:
        with progress_bar("Encoding passages") as progress:
            shelf = shelve_articles(
                scratch.store,
                scratch.encoder,
                question_set.articles,
                with_tokens=settings.retrieval.keep_token_vectors,
                progress=progress,
            )
        cached = scratch.encoder if isinstance(scratch.encoder, CachedEncoder) else None
        texts = [question.text for question in drawn]
        if cached is not None:
            cached.recall_queries(texts)
        with progress_bar("Asking questions") as progress:
            is_encoded = cached.knows_query if cached is not None else lambda _: False
            asked = ask_questions(scratch.library, shelf, drawn, wanted, is_encoded=is_encoded, progress=progress)
        if cached is not None:
            cached.keep_queries(texts)
        identity = scratch.encoder.identity
    if predictions is not None:
        write_predictions(predictions, asked)
    report = make_report(asked)
    written = _calibrate(asked, str(identity), calibration_path(settings)) if calibrate else None
    if as_json:
        described = evaluation_as_json(question_set, wanted, identity, report)
        print_json(described if written is None else {**described, "calibration": str(written)})
    else:
        click.echo(evaluation_as_text(question_set, wanted, identity, report))
        if written is not None:
            click.echo(f"Calibrated: {written} (the figures above are from before; remove the file to undo)")


def _calibrate(asked: Sequence[Asked], model: str, path: Path) -> Path:
    """Write the calibration to where the bot reads it."""
    from bot.engine.evaluation.calibrating import calibrate as fit_asked

    calibration = fit_asked(asked, model)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        calibration.save(path)
    except OSError as error:
        raise StoreUnavailable(
            f"{path} cannot be written: {error.strerror}. Choose another file with retrieval.calibration."
        ) from None
    return path


def _read(
    corpus: Path, questions: Path | None, off_topic: Path | None, split: str | None, scope: str | None
) -> QuestionSet:
    """Read the set that the options name; options that do not fit are usage errors."""
    from bot.engine.evaluation.beir import read_beir
    from bot.engine.evaluation.formats import read_question_set

    if corpus.is_dir():
        if questions or off_topic:
            raise click.UsageError(
                f"{corpus} is a BEIR folder, which holds its questions. Leave --questions and --off-topic out."
            )
        if scope == "article":
            raise click.UsageError("A BEIR folder has no articles to ask one at a time. Use --scope library.")
        return read_beir(corpus, split)
    if questions is None:
        raise click.UsageError(f"{corpus} holds articles. Name the questions' file too: --questions FILE")
    if split is not None:
        raise click.UsageError("--split chooses within a BEIR folder. Leave it out, or name the folder as --corpus.")
    return read_question_set(corpus, questions, off_topic)
