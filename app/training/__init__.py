"""How the shipped models were made: data, recipes, the loop, the film of the first layer, the files written.

`train_command` is what `convoscope train` runs. Everything else here is imported by it late, since it needs PyTorch.
"""
