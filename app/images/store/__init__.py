"""Uploads kept for a while in a folder that several server processes share."""
