"""What the library needs from outside. Adapters implement these ports; only wiring names adapters."""
