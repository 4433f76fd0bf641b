"""tbd."""
from __future__ import annotations
def find_language(text: str) -> str:
    """Tbd."""
    return ""
