"""What a table's columns become."""
