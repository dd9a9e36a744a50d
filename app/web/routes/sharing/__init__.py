"""Ways to take a figure along: pictures, pages, films, slides, tables, and the QR code of its link."""
