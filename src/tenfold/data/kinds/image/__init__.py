"""Images of one size: preparation, parts, pictures, and shifted copies."""
