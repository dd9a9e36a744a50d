"""Films of a figure: which steps are shown when, what moves between them, and the formats that hold them."""
