"""Reads requests: client, host, query string, body."""
