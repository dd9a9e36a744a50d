"""Files of a figure for slides, paper, LaTeX, films and tables."""
