"""The store's file: how it is kept, backed up, upgraded, and what the machine may do to it."""
