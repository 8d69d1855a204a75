"""One class a row: the words of the page's top and foot, and what the figures suggest."""
