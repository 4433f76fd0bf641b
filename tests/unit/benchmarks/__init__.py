"""The scorer and the mapping of the comparison with peers."""
