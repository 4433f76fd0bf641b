"""Getting pages from the web without reaching the host's own network: the only place of the engine that connects."""
