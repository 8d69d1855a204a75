"""What is asked of a finished run: its errors, a comparison, another decision, predictions."""
