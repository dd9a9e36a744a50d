"""What LaTeX needs: single pages to include, a beamer frame that steps through them, and drawings in TikZ."""
