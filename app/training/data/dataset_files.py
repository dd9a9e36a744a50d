"""Data sets on disk in four layouts, recognized by their files:

- MNIST's idx files, `train-images-idx3-ubyte` and so on, as they are or with `.gz`
- CIFAR-10's binary files, `data_batch_1.bin` … and `test_batch.bin`
- one folder of pictures per class, `cats/1.jpg`, optionally within `train/` and `test/`
- one `.npz`: `images` and `labels` (and `test_images`, `test_labels`), Keras' `x_train` …, or whole JPEG files in
  `jpeg`, `offset`, `label`, `class_names`
"""

from __future__ import annotations

import gzip
import math
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .labelled_pictures import Dataset, LabelledPictures, SquareDecoder

CIFAR_CLASSES = ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")
CIFAR_ROW_BYTES = 1 + 3 * 32 * 32
PICTURE_SUFFIXES = {".png", ".jpg", ".jpeg", ".webp", ".gif", ".bmp", ".avif"}
ARRAY_NAMES = (
    ("images", "labels", "test_images", "test_labels"),
    ("x_train", "y_train", "x_test", "y_test"),
)


@dataclass(frozen=True, slots=True)
class PictureShape:
    """The pictures of a recipe: `side` × `side` pixels in `channels` (1 or 3) channels."""

    side: int
    channels: int


def read_dataset(place: Path, shape: PictureShape, decode_square: SquareDecoder) -> Dataset:
    """Read the pictures in a folder or an .npz file, in the size and the channels of a recipe.

    `decode_square` decodes picture files. Raises ValueError with a sentence for invalid data, and OSError.
    """
    if place.is_file() and place.suffix == ".npz":
        data = _read_npz(place, shape, decode_square)
    elif not place.is_dir():
        raise ValueError(f"{place} is neither a folder nor an .npz file.")
    elif _find_idx_file(place, "train-images"):
        data = _read_idx_folder(place)
    elif found := sorted(place.glob("data_batch_*.bin")):
        data = _read_cifar_folder(place, found)
    else:
        data = _read_class_folders(place, shape, decode_square)
    return Dataset(_convert_pictures(data.train, shape), _convert_pictures(data.test, shape), data.classes)


def _convert_pictures(pictures: LabelledPictures, shape: PictureShape) -> LabelledPictures:
    pixels = pictures.pixels
    if pixels.shape[2:] != (shape.side, shape.side):
        raise ValueError(
            f"This model is trained on pictures of {shape.side} × {shape.side} pixels; "
            f"these have {pixels.shape[2]} × {pixels.shape[3]}."
        )
    if pixels.shape[1] == 3 and shape.channels == 1:
        pixels = (pixels.transpose(0, 2, 3, 1) @ np.array([0.299, 0.587, 0.114])).round().astype(np.uint8)[:, None]
    elif pixels.shape[1] == 1 and shape.channels == 3:
        pixels = pixels.repeat(3, axis=1)
    return LabelledPictures(np.ascontiguousarray(pixels), pictures.labels.astype(np.int64))


# --- idx ----------------------------------------------------------------------------------------------------


def read_idx(file: Path) -> NDArray[np.uint8]:
    """Read an idx file of bytes, gzipped or not: two zeros, 8 for bytes, the number of axes, their sizes, the bytes.

    Raises ValueError for anything else. Source: the MNIST page of LeCun, Cortes, Burges.
    """
    data = file.read_bytes()
    if data[:2] == b"\x1f\x8b":
        data = gzip.decompress(data)
    if len(data) < 4 or data[:3] != b"\0\0\x08":
        raise ValueError(f"{file} is not an idx file of bytes.")
    axes = data[3]
    shape = tuple(np.frombuffer(data, ">u4", axes, 4).tolist()) if len(data) >= 4 + 4 * axes else (-1,)
    byte_count = len(data) - 4 - 4 * axes
    if byte_count != math.prod(shape):
        raise ValueError(f"{file} has the shape {shape} in its header but {byte_count} bytes.")
    return np.frombuffer(data, np.uint8, offset=4 + 4 * axes).reshape(shape)


def _find_idx_file(folder: Path, start: str) -> Path | None:
    """Find `train-images-idx3-ubyte`, `train-images.idx3-ubyte.gz` or the like."""
    return next(iter(sorted(path for path in folder.glob(f"{start}*") if "idx" in path.name)), None)


def _read_idx_folder(folder: Path) -> Dataset:
    def read_part(name: str) -> LabelledPictures:
        images, labels = _find_idx_file(folder, f"{name}-images"), _find_idx_file(folder, f"{name}-labels")
        if images is None or labels is None:
            raise ValueError(f"In {folder}, {name}-images-idx3-ubyte or {name}-labels-idx1-ubyte is missing.")
        return LabelledPictures(read_idx(images)[:, None], read_idx(labels).astype(np.int64))

    train = read_part("train")
    return Dataset(train, read_part("t10k"), _number_classes(train.labels))


def _number_classes(labels: NDArray[Any]) -> tuple[str, ...]:
    return tuple(str(number) for number in range(int(labels.max()) + 1)) if len(labels) else ()


# --- CIFAR-10 -----------------------------------------------------------------------------------------------


def read_cifar_file(file: Path) -> LabelledPictures:
    """Read a binary file of CIFAR-10: rows of a byte for the class, then 1,024 red, 1,024 green and 1,024 blue ones.

    Raises ValueError where the size is not a whole number of rows. Source: the CIFAR-10 page of Krizhevsky.
    """
    data = np.frombuffer(file.read_bytes(), np.uint8)
    if not len(data) or len(data) % CIFAR_ROW_BYTES:
        raise ValueError(f"{file} has {len(data)} bytes, which is not a whole number of rows of {CIFAR_ROW_BYTES}.")
    rows = data.reshape(-1, CIFAR_ROW_BYTES)
    return LabelledPictures(rows[:, 1:].reshape(-1, 3, 32, 32), rows[:, 0].astype(np.int64))


def _read_cifar_folder(folder: Path, batches: list[Path]) -> Dataset:
    train = _join_pictures(read_cifar_file(file) for file in batches)
    test = folder / "test_batch.bin"
    if not test.is_file():
        raise ValueError(f"test_batch.bin is missing in {folder}.")
    return Dataset(train, read_cifar_file(test), CIFAR_CLASSES)


def _join_pictures(parts: Iterable[LabelledPictures]) -> LabelledPictures:
    listed = list(parts)
    return LabelledPictures(np.concatenate([p.pixels for p in listed]), np.concatenate([p.labels for p in listed]))


# --- a folder by class --------------------------------------------------------------------------------------


def _read_class_folders(folder: Path, shape: PictureShape, decode_square: SquareDecoder) -> Dataset:
    has_parts = (folder / "train").is_dir() and (folder / "test").is_dir()
    top = folder / "train" if has_parts else folder
    classes = tuple(sorted(path.name for path in top.iterdir() if path.is_dir() and _list_picture_files(path)))
    if len(classes) < 2:
        raise ValueError(
            f"{folder} has neither idx files, nor data_batch_1.bin, nor at least two folders with pictures, "
            "one per class."
        )
    train = _read_pictures(top, classes, shape, decode_square)
    if has_parts:
        return Dataset(train, _read_pictures(folder / "test", classes, shape, decode_square), classes)
    return Dataset.split(train, classes)


def _list_picture_files(folder: Path) -> list[Path]:
    return (
        sorted(path for path in folder.iterdir() if path.suffix.lower() in PICTURE_SUFFIXES) if folder.is_dir() else []
    )


def _read_pictures(
    top: Path, classes: tuple[str, ...], shape: PictureShape, decode_square: SquareDecoder
) -> LabelledPictures:
    files = [(file, number) for number, name in enumerate(classes) for file in _list_picture_files(top / name)]
    pixels = np.empty((len(files), 3, shape.side, shape.side), np.uint8)
    for i, (file, _) in enumerate(files):
        try:
            pixels[i] = decode_square(file.read_bytes(), shape.side)
        except ValueError as error:
            raise ValueError(f"{file}: {error}") from error
    return LabelledPictures(pixels, np.array([number for _, number in files], np.int64))


# --- .npz ---------------------------------------------------------------------------------------------------


def _read_npz(file: Path, shape: PictureShape, decode_square: SquareDecoder) -> Dataset:
    with np.load(file, allow_pickle=False) as arrays:
        if {"jpeg", "offset", "label", "class_names"} <= set(arrays):
            return _read_jpeg_arrays(
                arrays["jpeg"], arrays["offset"], arrays["label"], arrays["class_names"], shape, decode_square
            )
        for names in ARRAY_NAMES:
            if set(names[:2]) <= set(arrays):
                return _read_arrays([arrays[name] for name in names if name in arrays], arrays.get("class_names"))
    raise ValueError(
        f"{file} has neither images and labels, nor x_train and y_train, nor jpeg, offset, label and class_names."
    )


def _read_jpeg_arrays(*packed: Any) -> Dataset:
    jpeg, offset, label, class_names, shape, decode_square = packed
    pixels = np.empty((len(label), 3, shape.side, shape.side), np.uint8)
    for i in range(len(label)):
        try:
            pixels[i] = decode_square(jpeg[offset[i] : offset[i + 1]].tobytes(), shape.side)
        except ValueError as error:
            raise ValueError(f"Picture {i}: {error}") from error
    return Dataset.split(LabelledPictures(pixels, label.astype(np.int64)), tuple(str(name) for name in class_names))


def _read_arrays(arrays: list[NDArray[Any]], class_names: NDArray[Any] | None) -> Dataset:
    pairs = [
        LabelledPictures(_to_channels_first(images), labels.reshape(-1).astype(np.int64))
        for images, labels in zip(arrays[::2], arrays[1::2], strict=True)
    ]
    classes = tuple(str(name) for name in class_names) if class_names is not None else _number_classes(pairs[0].labels)
    return Dataset(pairs[0], pairs[1], classes) if len(pairs) == 2 else Dataset.split(pairs[0], classes)


def _to_channels_first(images: NDArray[Any]) -> NDArray[np.uint8]:
    """Convert (N, H, W) or (N, H, W, C) to (N, C, H, W), which stays as it is."""
    if images.ndim == 3:
        return images[:, None]
    if images.ndim == 4 and images.shape[3] in (1, 3) and images.shape[1] not in (1, 3):
        return images.transpose(0, 3, 1, 2)
    return images
