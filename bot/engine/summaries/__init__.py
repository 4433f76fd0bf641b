"""What a summary is made from: which sentences stand alone, how good each is, and which ones go together."""
