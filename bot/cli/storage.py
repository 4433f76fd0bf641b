"""``migrate`` and ``backup``."""

from __future__ import annotations

from pathlib import Path

import click

from bot.cli.options import data_dir_option, json_option, opened_library, print_json, progress_bar


@click.command()
@click.option("--reindex", is_flag=True, help="Encode every article anew with the encoder that the settings name.")
@data_dir_option
@json_option
def migrate(reindex: bool, data_dir: Path | None, as_json: bool) -> None:
    """Bring the store to this version's form, and with --reindex to the present encoder.

    Opening the store does the first by itself and keeps a copy of the old store beside it. A reindex that is
    interrupted loses nothing: run it again.
    """
    count = 0
    with opened_library(data_dir) as library:
        if reindex:
            with progress_bar("Encoding articles") as progress:
                count = library.reindex(progress)
    if as_json:
        print_json({"status": "current", "reindexed": count})
    else:
        click.echo(f"The store is current. Articles encoded anew: {count}.")


@click.command()
@click.argument("target", type=click.Path(path_type=Path, dir_okay=False))
@data_dir_option
@json_option
def backup(target: Path, data_dir: Path | None, as_json: bool) -> None:
    """Copy the store to TARGET while everything goes on running, and check the copy.

    To restore, copy TARGET back to where the store was, while nothing runs.
    """
    with opened_library(data_dir) as library:
        library.backup(target)
    if as_json:
        print_json({"status": "backed up", "target": str(target), "bytes": target.stat().st_size})
    else:
        click.echo(f"Backed up to {target} ({target.stat().st_size:,} bytes, checked).")
