"""Two finished runs side by side: figures, and every instance on which they differ."""
