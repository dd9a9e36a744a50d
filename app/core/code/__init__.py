"""Each stage of a Trace as a program, in PyTorch and in NumPy: given the stage's input it computes its output."""
