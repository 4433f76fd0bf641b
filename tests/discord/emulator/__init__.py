"""Tests of the Discord emulator itself, with a plain discord.py client."""
