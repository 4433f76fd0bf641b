"""Joining a guild, and finding out what one can do."""
