"""Which addresses are fetched, and what answers are: without a network."""
