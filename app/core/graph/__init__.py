"""Chains that branch: which earlier stages a layer reads, and how edits of a chain keep these numbers true."""
