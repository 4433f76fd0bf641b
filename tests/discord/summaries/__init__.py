"""Summaries over the wire: lines unfolded, contents, pages and files that are not in the library."""
