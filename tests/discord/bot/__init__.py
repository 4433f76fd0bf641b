"""Tests of the bot over the wire."""
