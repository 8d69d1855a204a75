"""The operating point: the rule asked for, the threshold that meets it, its application."""
