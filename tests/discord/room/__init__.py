"""Answers in the room, over the wire: the real store and retrieval, the real client, the emulator for Discord."""
