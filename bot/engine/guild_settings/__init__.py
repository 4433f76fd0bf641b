"""What each guild decides for itself, kept in the store and shared by every process that uses it."""
