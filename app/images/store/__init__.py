"""The store: uploads kept for a limited time in a folder that several server processes share."""
