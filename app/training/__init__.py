"""Training of the shipped models: data, recipes, training loop, film of the first layer, output files.

`train_command` is the command `convoscope train`. It imports all modules that need PyTorch inside its functions.
"""
