"""The format of the file of a lesson: its head, its links, its answers, and how it is written."""
