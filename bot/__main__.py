"""``python -m bot``, which is also the ``pullquote`` command."""

from __future__ import annotations

from bot.cli.main import cli


def main() -> None:
    """Run the command line and exit with its code: 0 done, 1 refused or failed, 2 wrong usage or settings."""
    cli()


if __name__ == "__main__":
    main()
