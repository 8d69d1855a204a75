"""Images: preparation, and shifted copies."""
