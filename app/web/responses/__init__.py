"""Responses: bodies, headers, errors."""
