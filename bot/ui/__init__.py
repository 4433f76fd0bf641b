"""What Discord shows: pure functions from engine records to views and text."""
