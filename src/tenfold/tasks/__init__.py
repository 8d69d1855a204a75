"""What is to be predicted, one folder a task."""
