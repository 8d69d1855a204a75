"""Images, and what they become."""
