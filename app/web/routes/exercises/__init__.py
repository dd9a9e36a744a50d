"""The pages and files of exercises."""
