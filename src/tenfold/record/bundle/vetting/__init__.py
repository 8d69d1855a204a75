"""What may stand in a saved model: one file a family of types."""
