"""Unit tests of the retrieval: no model, no disk, no network."""
