"""The engine: articles in, proven quotes out. Knows nothing of Discord and imports nothing above itself."""
