"""Images in, cleaner images out: the noise, the candidates that take it away, their judgement, the model's files."""
