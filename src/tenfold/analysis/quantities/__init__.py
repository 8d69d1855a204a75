"""Where and how predicted quantities are off."""
