"""Settings: sections, defaults and where they are read from."""
