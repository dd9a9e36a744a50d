"""Each stage of a Trace as a program of each library: given the stage's input it computes its output."""
