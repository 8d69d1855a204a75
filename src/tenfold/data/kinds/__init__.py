"""From instances to numbers, one file per kind; fitted inside each fold."""
