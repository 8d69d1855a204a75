"""What each word of a message adds to the score of a linear model of words: exact, and laid on the text itself."""
