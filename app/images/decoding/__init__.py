"""Decoding: the bytes of an image file become safe pixels."""
