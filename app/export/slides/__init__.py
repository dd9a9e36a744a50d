"""Presentations for PowerPoint and what reads its files."""
