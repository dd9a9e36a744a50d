"""The test language: English sentences in accented letters between brackets, which show what is not translated."""

from __future__ import annotations

import re
from functools import cache

_KEPT = re.compile(
    r"\{[^{}]*\}"  # a place, which is filled later
    r"|`[^`]*`|--[a-z]+(?: [A-Z]+)?|\b[\w*./-]+=[\w*./-]+"  # quoted code; a key with its value, such as stride=2
    r"|\bhttps?://\S*|\bX-[\w-]+|\bCONVOSCOPE_\w+|/api/\S*"  # addresses, headers and settings
    r"|(?<!\w)[\w*-]*\.(?:safetensors|npz|npy|onnx|pth?|h5|keras|pb|mat|tflite|pte|mlmodel|json)\b"  # names of files
    r"|\b(?:torch|np|tf|scipy|model|jnp)\.[\w.]+(?:\([^()]*(?:\([^()]*\)[^()]*)*\))?"  # code
    r"|\b\w*_\w+\b|\brandom\*\d+@\d+x\d+"  # names of options and of filters
    r"|\be\^-?x\b|\bx/\d+|\b\d+x\d+\b|\(K, C, h, w\)|\(h, w, C, K\)"  # formulas and shapes
)
_PSEUDO_LETTERS = str.maketrans(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
    "ÅßÇÐÉƑĜĤÎĴĶĻṀÑÖÞǪŔŠŢÛṼŴẊÝŽåƀçðéƒĝĥîĵķļɱñöþǫŕšţûṽŵẋýž",
)


@cache
def make_pseudo_sentence(sentence: str) -> str:
    """A sentence of the test language. Places, names of options and files, addresses, code and formulas stay."""
    parts, end = [], 0
    for kept in _KEPT.finditer(sentence):
        parts += [sentence[end : kept.start()].translate(_PSEUDO_LETTERS), kept[0]]
        end = kept.end()
    return f"[!! {''.join(parts)}{sentence[end:].translate(_PSEUDO_LETTERS)} !!]"
