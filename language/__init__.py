"""One sentence encoder, and the small heads that read it. Knows nothing of participants; keeps no words on disk."""
