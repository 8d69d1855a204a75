"""The errors of a finished run: who was taken for what, one by one, as sentences, tables and sheets."""
