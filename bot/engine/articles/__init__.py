"""Writing articles: putting them on the shelf, encoding them, finding them again, and what changes of them later."""
