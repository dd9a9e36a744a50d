"""The table of filters in the picture of a figure: the cards of the filters, and how they are laid out."""
