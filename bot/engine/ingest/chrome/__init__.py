"""Page chrome and captions told by a small trained network, for text pasted with the page around it."""
