"""Adapters that keep articles and segments."""
