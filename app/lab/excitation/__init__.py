"""What excites the maps of a network's layers most among the sample pictures."""
