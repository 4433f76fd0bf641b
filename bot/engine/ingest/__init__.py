"""From a source to labelled lines and passages."""
