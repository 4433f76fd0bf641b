"""The fluent fixtures, with the bot and a real library."""
