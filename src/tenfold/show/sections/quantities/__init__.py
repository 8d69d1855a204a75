"""How far off predicted quantities are, where, and on which rows."""
