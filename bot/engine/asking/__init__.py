"""From a question to quotes: searching, quoting, and what can be asked of the ranking."""
