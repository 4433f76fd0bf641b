"""Who may see which article."""
