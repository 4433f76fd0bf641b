"""From a question to ranked passages: the part the project exists for."""
