"""Parsing in a child process: limits, rights, and what the parent makes of it."""
