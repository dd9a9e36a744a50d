"""Pictures of layers on a signal, a picture of one row: circles in a line, stems, wires and equations."""
