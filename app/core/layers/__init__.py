"""Layers with numbers of their own: one module for each, with its plan, arithmetic, step, facts and code.

A module has a `LayerLaw` and a function that plans it; `planners` has the table of these functions.
"""
