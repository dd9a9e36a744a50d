"""Lessons: short texts with figures that ask before they show. A lesson is a Markdown file (docs/lessons.md)."""
