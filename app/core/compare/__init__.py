"""Figures side by side: in what they differ, and what of a shift remains when it is moved back."""
