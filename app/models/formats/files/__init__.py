"""The file formats of weights: NumPy, PyTorch, ONNX, safetensors."""
