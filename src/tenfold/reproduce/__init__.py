"""The reference figures, computed again."""
