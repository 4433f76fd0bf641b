"""One file per format: bytes or text in, labelled blocks out."""
