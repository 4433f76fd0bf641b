"""The REST endpoints a question-answering bot uses, by subject."""
