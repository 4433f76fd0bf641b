"""What was asked: the log of questions, votes, gaps, figures, and what members and managers may do with it."""
