"""What metrics.json and manifest.json hold, as types: read, written, and described by a JSON Schema."""
