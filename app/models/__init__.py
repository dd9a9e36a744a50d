"""Learned filters: the weights that ship with the program, their cards and films, and how they were trained.

Running a model needs numpy alone; PyTorch is imported in `train`, and there only when something is trained.
"""
