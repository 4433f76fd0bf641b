"""Adapters that turn text into embeddings."""
