"""Tests that read like what people do: a scene of guilds, persons who act in it, and messages as they see them."""
