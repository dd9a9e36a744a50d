"""Trained models: those that ship with the program and those that users add or upload. They run with numpy alone."""
