"""What is wrong with this data: findings, each with its rows and what to do."""
