"""Bytes of an image file become safe pixels."""
