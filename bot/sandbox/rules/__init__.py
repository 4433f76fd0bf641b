"""What Discord refuses: one table of bounds with their sources, and the checks that apply it."""
