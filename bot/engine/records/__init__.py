"""The nouns of the engine: frozen records that pass between its parts."""
