"""Images restored: what the page says of a run, and its sections on images, pixels and classes."""
