"""What an answer holds: bodies, headers, errors."""
