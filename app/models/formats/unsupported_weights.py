"""Sentences on files that are not weights, or weights in unsupported formats, with advice."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

from ...core.texts import Text, make_text
from .byte_source import ByteSource
from .entries import quote

_SUPPORTED = make_text("supported_weights")
NOT_WEIGHTS = make_text("not_weights", supported=_SUPPORTED)
HEAD_BYTES = 4_096
"""Bytes at the beginning of a file that are examined."""
_HDF5 = make_text("hdf5_file", advice=make_text("in_keras"))
_KERAS = make_text("keras_model", advice=make_text("in_keras"))
_SAVED_MODEL = make_text("saved_model", advice=make_text("in_tensorflow"))
_GRAPH = make_text("frozen_graph", advice=make_text("in_tensorflow"))
_CAFFE = make_text("caffe_model")


def _describe_packed(kind: str) -> Text:
    """A sentence on an archive, whose name has the code `kind`."""
    return make_text("packed_file", kind=make_text(kind))


_SIGNATURES: tuple[tuple[bytes, Text], ...] = (
    (b"\x89HDF\r\n\x1a\n", _HDF5),
    (b"MATLAB", make_text("matlab_file")),
    (b"GGUF", make_text("gguf_file")),
    (b"ggml", make_text("ggml_file")),
    (b"lmgg", make_text("ggml_file")),
    (b"\x89PNG\r\n", make_text("picture_not_weights", format="PNG")),
    (b"\xff\xd8\xff", make_text("picture_not_weights", format="JPEG")),
    (b"GIF8", make_text("picture_not_weights", format="GIF")),
    (b"BM", make_text("picture_not_weights", format="BMP")),
    (b"II*\x00", make_text("picture_not_weights", format="TIFF")),
    (b"MM\x00*", make_text("picture_not_weights", format="TIFF")),
    (b"%PDF", make_text("pdf_document")),
    (b"\x1f\x8b", _describe_packed("archive_gzip")),
    (b"BZh", _describe_packed("archive_bzip2")),
    (b"\xfd7zXZ\x00", _describe_packed("archive_xz")),
    (b"7z\xbc\xaf\x27\x1c", _describe_packed("archive_7z")),
    (b"Rar!", _describe_packed("archive_rar")),
    (b"\x28\xb5\x2f\xfd", _describe_packed("archive_zstandard")),
    (b"\x04\x22\x4d\x18", _describe_packed("archive_lz4")),
    (b"model_checkpoint_path:", make_text("checkpoint_list", advice=make_text("in_tensorflow"))),
    (b"\x7fELF", make_text("a_program")),
    (b"MZ", make_text("a_program")),
)
_DARKNET = re.compile(rb"\x00{4}[\x01\x02]\x00{3}[\x00-\x09]\x00{3}", re.DOTALL)
_TEXT_PATTERN = re.compile(r"[^\x00-\x08\x0e-\x1f\x7f]+")


def describe_unsupported_file(source: ByteSource) -> Text | None:
    """A sentence on a file in no supported format; None for one that may be supported."""
    head = source.read(0, HEAD_BYTES)
    if not source.size:
        return make_text("empty_weights_file")
    for start, sentence in _SIGNATURES:
        if head.startswith(start):
            return sentence
    return _describe_by_inner_bytes(source, head) or _describe_text(head)


def describe_archive(names: Iterable[str]) -> Text:
    """A sentence on a zip archive that is not a weights file."""
    names = list(names)
    ends = [name.rpartition("/")[2] for name in names]
    if "model.weights.h5" in ends or ("config.json" in ends and "metadata.json" in ends):
        return _KERAS
    if "saved_model.pb" in ends:
        return _SAVED_MODEL
    if any(name.endswith((".mlmodel", "Manifest.json")) for name in ends):
        return make_text("core_ml_model")
    weights = [name for name in names if name.endswith((".pt", ".pth", ".bin", ".safetensors", ".npz", ".onnx"))]
    if weights:
        return make_text("zip_with_weights", name=quote(weights[0]))
    if names:
        return make_text("zip_archive_with", name=quote(names[0]), supported=_SUPPORTED)
    return make_text("zip_archive", supported=_SUPPORTED)


def _describe_by_inner_bytes(source: ByteSource, head: bytes) -> Text | None:
    """A sentence by bytes that are not the first of the file."""
    if head[4:8] == b"TFL3":
        return make_text("tflite_model")
    if head[4:6] == b"ET":
        return make_text("executorch_program", advice=make_text("in_torch"))
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return make_text("picture_not_weights", format="WebP")
    if head[4:8] == b"ftyp":
        return make_text("picture_or_video")
    if head[257:262] == b"ustar":
        return _describe_packed("archive_tar")
    if any(source.read(at, 8) == b"\x89HDF\r\n\x1a\n" for at in (512, 1_024, 2_048)):
        return _HDF5
    if _DARKNET.match(head):
        return make_text("darknet_weights")
    return _describe_unsigned_format(source, head)


def _describe_unsigned_format(source: ByteSource, head: bytes) -> Text | None:
    """A sentence on formats without a signature, such as protocol buffers."""
    if head[:3] == b"\x08\x01\x12":
        return _SAVED_MODEL
    if head[:1] == b"\n" and b"\x12" in head[:300]:
        if b"Convolution" in head or b"caffe" in head.lower():
            return _CAFFE
        if any(word in head for word in (b"Placeholder", b"Const", b"Conv2D", b"VarHandleOp")):
            return _GRAPH
    if source.size > 48 and source.read(source.size - 8, 8) == b"\x57\xfb\x80\x8b\x24\x75\x47\xdb":
        return make_text("checkpoint_index", advice=make_text("in_tensorflow"))
    if head[:1] in (b"\x81", b"\x82", b"\x83", b"\xde", b"\xdf") and re.search(rb"params|kernel|bias", head[:400]):
        return make_text("msgpack_file")
    return None


def _describe_text(head: bytes) -> Text | None:
    """A sentence on a text file: a web page, the response of a server, a Git LFS pointer."""
    try:
        text = head.decode("utf-8-sig")
    except UnicodeDecodeError as reason:
        if reason.start < len(head) - 4:
            return None
        text = head[: reason.start].decode("utf-8-sig")
    if not _TEXT_PATTERN.fullmatch(text):
        return None
    stripped = text.lstrip()
    if stripped.startswith("version https://git-lfs"):
        return _describe_lfs_pointer(stripped)
    if re.match(r"<(?:!doctype html|html|head|body|!--)", stripped, re.IGNORECASE):
        return _describe_with_title("web_page", "web_page_with_title", _find(stripped, r"<title[^>]*>([^<]+)"))
    if stripped.startswith("<"):
        return _describe_with_title("xml_file", "xml_file_with_message", _find(stripped, r"<Message>([^<]+)"))
    if stripped[:1] in "{[" and stripped:
        return _describe_json(stripped)
    return make_text("text_file", supported=_SUPPORTED)


def _describe_lfs_pointer(text: str) -> Text:
    size = re.search(r"^size (\d{1,18})$", text, re.MULTILINE)
    return make_text("lfs_pointer_of", size=f"{int(size[1]) / 1e6:,.1f}") if size else make_text("lfs_pointer")


def _describe_with_title(code: str, code_with_title: str, title: str) -> Text:
    return make_text(code_with_title, title=quote(title)) if title else make_text(code)


def _find(text: str, pattern: str) -> str:
    match = re.search(pattern, text, re.IGNORECASE)
    return " ".join(match[1].split()) if match else ""


def _describe_json(text: str) -> Text:
    files = re.search(r'"weight_map".*?:\s*"([^"]+\.(?:safetensors|bin))"', text, re.DOTALL)
    if files:
        return make_text("index_of_files", name=quote(files[1]))
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        value = None
    error = value.get("error") or value.get("message") or value.get("detail") if isinstance(value, dict) else None
    message = error if isinstance(error, str) else ""
    return _describe_with_title("json_file", "json_file_with_message", message)
