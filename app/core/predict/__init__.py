"""Predict, then reveal: what a link asks for, what it hides until then, and what wrong guesses would be right for."""
