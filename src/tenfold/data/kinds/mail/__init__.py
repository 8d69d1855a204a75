"""Mail: messages taken apart within limits, words and structure as numbers, a message in a line."""
