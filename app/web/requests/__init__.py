"""What a request says: its client, its host, its query string, its body."""
