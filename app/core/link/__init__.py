"""Links and scenes: a query string or JSON becomes a checked scene, and back."""
