"""Sheets of paper: the figures of all stages on a page, and worksheets with cells to fill in."""
