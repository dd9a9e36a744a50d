"""Sentences on files that are not weights, or weights in unsupported formats, with advice."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

from .byte_source import ByteSource
from .entries import quote

NO_WEIGHTS_MESSAGE = (
    "This is not a readable weights file. Supported are .safetensors, .npz, .onnx and PyTorch state files (.pt, .pth)."
)
HEAD_BYTES = 4_096
"""Bytes at the beginning of a file that are examined."""
_IN_KERAS = "in Keras, save the weights with np.savez('weights.npz', *model.get_weights())"
_IN_TENSORFLOW = (
    "load the model in TensorFlow, and save its weights with "
    "np.savez('weights.npz', *[v.numpy() for v in model.variables])"
)
_IN_TORCH = "in PyTorch, save the weights with torch.save(model.state_dict(), 'weights.pth')"
_HDF5 = f"This is an HDF5 file (.h5, as Keras writes it), which is not supported: {_IN_KERAS}."
_KERAS = f"This is a Keras model (.keras), which is not supported: {_IN_KERAS}."
_SAVED_MODEL = f"This is a TensorFlow SavedModel, which is not supported: {_IN_TENSORFLOW}."
_GRAPH = f"This is a frozen TensorFlow graph (.pb), which is not supported: {_IN_TENSORFLOW}."
_CAFFE = "This is a Caffe model, which is not supported: convert it to .onnx, or save its arrays with np.savez."
_PICTURE = "This is a picture ({}), not a weights file: open it as a picture."
_PACKED = "This is {} archive, not a weights file: unpack it, and open the weights file in it."
_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"\x89HDF\r\n\x1a\n", _HDF5),
    (b"MATLAB", "This is a MATLAB file (.mat), which is not supported: in Python, use scipy.io.loadmat and np.savez."),
    (b"GGUF", "This is a GGUF file, as llama.cpp uses it, with weights of a language model. It is not supported."),
    (b"ggml", "This is a GGML file, with weights of a language model. It is not supported."),
    (b"lmgg", "This is a GGML file, with weights of a language model. It is not supported."),
    (b"\x89PNG\r\n", _PICTURE.format("PNG")),
    (b"\xff\xd8\xff", _PICTURE.format("JPEG")),
    (b"GIF8", _PICTURE.format("GIF")),
    (b"BM", _PICTURE.format("BMP")),
    (b"II*\x00", _PICTURE.format("TIFF")),
    (b"MM\x00*", _PICTURE.format("TIFF")),
    (b"%PDF", "This is a PDF document, not a weights file."),
    (b"\x1f\x8b", _PACKED.format("a gzip")),
    (b"BZh", _PACKED.format("a bzip2")),
    (b"\xfd7zXZ\x00", _PACKED.format("an xz")),
    (b"7z\xbc\xaf\x27\x1c", _PACKED.format("a 7z")),
    (b"Rar!", _PACKED.format("a RAR")),
    (b"\x28\xb5\x2f\xfd", _PACKED.format("a Zstandard")),
    (b"\x04\x22\x4d\x18", _PACKED.format("an LZ4")),
    (b"model_checkpoint_path:", f"This is the list of a TensorFlow checkpoint, not weights: {_IN_TENSORFLOW}."),
    (b"\x7fELF", "This is a program, not a weights file."),
    (b"MZ", "This is a program, not a weights file."),
)
_DARKNET = re.compile(rb"\x00{4}[\x01\x02]\x00{3}[\x00-\x09]\x00{3}", re.DOTALL)
_TEXT_PATTERN = re.compile(r"[^\x00-\x08\x0e-\x1f\x7f]+")


def describe_unsupported_file(source: ByteSource) -> str:
    """A sentence on a file in no supported format; '' for one that may be supported."""
    head = source.read(0, HEAD_BYTES)
    if not source.size:
        return "This file is empty, so it is not a weights file: the download or the copy may have failed."
    for start, sentence in _SIGNATURES:
        if head.startswith(start):
            return sentence
    return _describe_by_inner_bytes(source, head) or _describe_text(head)


def describe_archive(names: Iterable[str]) -> str:
    """A sentence on a zip archive that is not a weights file."""
    names = list(names)
    ends = [name.rpartition("/")[2] for name in names]
    if "model.weights.h5" in ends or ("config.json" in ends and "metadata.json" in ends):
        return _KERAS
    if "saved_model.pb" in ends:
        return _SAVED_MODEL
    if any(name.endswith((".mlmodel", "Manifest.json")) for name in ends):
        return "This is a Core ML model, which is not supported: open the model that it was converted from."
    weights = [name for name in names if name.endswith((".pt", ".pth", ".bin", ".safetensors", ".npz", ".onnx"))]
    if weights:
        return f"This is a zip archive with {quote(weights[0])} in it: unpack it, and open that file."
    some = f"; it contains {quote(names[0])}" if names else ""
    return f"This is a zip archive, not a weights file{some}. {NO_WEIGHTS_MESSAGE.partition('. ')[2]}"


def _describe_by_inner_bytes(source: ByteSource, head: bytes) -> str:
    """A sentence by bytes that are not the first of the file."""
    if head[4:8] == b"TFL3":
        return (
            "This is a TensorFlow Lite model (.tflite), which is not supported: "
            "open the model that it was converted from, as .npz or .onnx."
        )
    if head[4:6] == b"ET":
        return f"This is an ExecuTorch program (.pte), which is not supported: {_IN_TORCH}."
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return _PICTURE.format("WebP")
    if head[4:8] == b"ftyp":
        return "This is a picture or a video (HEIC, AVIF or MP4), not a weights file."
    if head[257:262] == b"ustar":
        return _PACKED.format("a tar")
    if any(source.read(at, 8) == b"\x89HDF\r\n\x1a\n" for at in (512, 1_024, 2_048)):
        return _HDF5
    if _DARKNET.match(head):
        return "These are Darknet weights (YOLO), which do not contain their shapes: convert them to .onnx or PyTorch."
    return _describe_unsigned_format(source, head)


def _describe_unsigned_format(source: ByteSource, head: bytes) -> str:
    """A sentence on formats without a signature, such as protocol buffers."""
    if head[:3] == b"\x08\x01\x12":
        return _SAVED_MODEL
    if head[:1] == b"\n" and b"\x12" in head[:300]:
        if b"Convolution" in head or b"caffe" in head.lower():
            return _CAFFE
        if any(word in head for word in (b"Placeholder", b"Const", b"Conv2D", b"VarHandleOp")):
            return _GRAPH
    if source.size > 48 and source.read(source.size - 8, 8) == b"\x57\xfb\x80\x8b\x24\x75\x47\xdb":
        return f"This is the index of a TensorFlow checkpoint, not weights: {_IN_TENSORFLOW}."
    if head[:1] in (b"\x81", b"\x82", b"\x83", b"\xde", b"\xdf") and re.search(rb"params|kernel|bias", head[:400]):
        return (
            "This is a msgpack file, as Flax writes it, which is not supported: "
            "in Flax, save the weights with np.savez('weights.npz', **flatten_dict(params, sep='/'))."
        )
    return ""


def _describe_text(head: bytes) -> str:
    """A sentence on a text file: a web page, the response of a server, a Git LFS pointer."""
    try:
        text = head.decode("utf-8-sig")
    except UnicodeDecodeError as reason:
        if reason.start < len(head) - 4:
            return ""
        text = head[: reason.start].decode("utf-8-sig")
    if not _TEXT_PATTERN.fullmatch(text):
        return ""
    stripped = text.lstrip()
    if stripped.startswith("version https://git-lfs"):
        return _describe_lfs_pointer(stripped)
    if re.match(r"<(?:!doctype html|html|head|body|!--)", stripped, re.IGNORECASE):
        return (
            f"This is a web page{_quote_title(stripped)}, not weights: download the file itself, not the page about it."
        )
    if stripped.startswith("<"):
        return (
            f"This is XML{_quote_match(stripped, r'<Message>([^<]+)')}, not weights: perhaps the response of a server."
        )
    if stripped[:1] in "{[" and stripped:
        return _describe_json(stripped)
    return f"This is a text file, not a weights file. {NO_WEIGHTS_MESSAGE.partition('. ')[2]}"


def _describe_lfs_pointer(text: str) -> str:
    size = re.search(r"^size (\d{1,18})$", text, re.MULTILINE)
    large = f" of {int(size[1]) / 1e6:,.1f} MB" if size else ""
    return (
        f"This is a Git LFS pointer to the weights file{large}, not weights: "
        "run git lfs pull, or download the file itself."
    )


def _quote_title(text: str) -> str:
    return _quote_match(text, r"<title[^>]*>([^<]+)")


def _quote_match(text: str, pattern: str) -> str:
    match = re.search(pattern, text, re.IGNORECASE)
    return f" (“{quote(' '.join(match[1].split()))}”)" if match else ""


def _describe_json(text: str) -> str:
    files = re.search(r'"weight_map".*?:\s*"([^"]+\.(?:safetensors|bin))"', text, re.DOTALL)
    if files:
        return f"This is the index of a model in several files, not weights: open one, such as {quote(files[1])}."
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        value = None
    error = value.get("error") or value.get("message") or value.get("detail") if isinstance(value, dict) else None
    quoted_error = f" (“{quote(error)}”)" if isinstance(error, str) else ""
    return f"This is JSON{quoted_error}, not weights: perhaps the response of a server, or a model's configuration."
