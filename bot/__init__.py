"""Pullquote: answers questions by quoting articles word for word, in Discord and in the terminal."""
