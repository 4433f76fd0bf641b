"""A strict Discord emulator on loopback, and a sandbox to try the bot in without an account."""
