"""Files of a figure for slides, paper, LaTeX, films and tables: its display list written by a backend for each format."""
