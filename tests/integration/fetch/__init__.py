"""Fetching from a server of the tests on this machine."""
