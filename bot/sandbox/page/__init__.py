"""The sandbox in a browser: a small chat page over the emulator, served to this machine alone."""
