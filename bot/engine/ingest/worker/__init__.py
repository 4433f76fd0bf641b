"""Parsing in a child process that has limits, no network and no rights, so that a hostile file hurts only itself."""
