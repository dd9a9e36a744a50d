"""Filters as arrays: the classic kernels, typed ones, random ones, trained ones."""
