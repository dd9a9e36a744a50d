"""What the names of arrays tell: their layers, what they are to them, and in which order a network uses them."""

from __future__ import annotations

import re

MAX_CHARACTERS = 300
"""Characters of a name that are looked at: its last."""
_BIAS_OF_WEIGHTS = {
    "depthwise_kernel": "bias",
    "pointwise_kernel": "bias",
    "weight": "bias",
    "weights": "biases",
    "kernel": "bias",
    "filters": "bias",
    "W": "b",
    "w": "b",
}
_LAYER_ARRAY = re.compile(rf"(.*?)([._/:-]?)({'|'.join(_BIAS_OF_WEIGHTS)})((?::0)?)", re.DOTALL)
_NUMBERED = re.compile(r"(.*[._/]|)(weights|weight|kernel|filters|W|w)([_.]?\d+|_\w+)", re.DOTALL)
_WEIGHTS = re.compile(r"(?:.*[_-])?(?:weights?|kernels?|filters?|w\d*|conv\w*|\d+)", re.IGNORECASE)
_STATISTICS = re.compile(
    r"(?:.*_)?(?:mean|std|var|variance|avg|grads?|gradients|momentum|momentum_buffer|exp_avg(?:_sq)?|square_avg"
    r"|exp_inf|acc_delta|num_batches\w*|step)",
    re.IGNORECASE,
)
_OPTIMIZER = re.compile(
    r"(?:.*_)?(?:(?i:optim(?:izer)?s?|opt)(?:_.*|[A-Z0-9].*)?)"
    r"|(?i:\.?optimizer_slot|adam\w*|sgd|rmsprop|nadam|adagrad|lamb|lion|grads?|gradients|exp_avg\w*)(?:_\d+)?"
    r"|(?i:momentum(?:_buffers?)?|lr_scheduler|scheduler|scaler)"
)
_COPIES = re.compile(r"(?:.*_)?(?:ema|shadow|swa|averaged?|momentum_\w+)(?:_.*)?", re.IGNORECASE)
_TRANSPOSED = re.compile(
    r"deconv|transpose|convt(?:$|[\d_])|up_?conv|t_?conv(?:$|[\d_])|conv_?tr(?:$|[\d_])", re.IGNORECASE
)
_DECODER = re.compile(r"(?:.*_)?(?:decod\w*|dec\d*|generator\w*|gen|net_?g|g|up\w*)(?:_.*)?", re.IGNORECASE)
_DEPTHWISE = re.compile(r"depth_?wise|(?:^|_)dw(?:$|_|conv|\d)|conv_?dw", re.IGNORECASE)
_NO_CONVOLUTION = re.compile(r"emb|token|pos(?:ition)?(?:_|$)|att|query|key|value|proj|lstm|gru|rnn", re.IGNORECASE)
STATE_KEYS = {
    *(
        "state_dict",
        "model_state_dict",
        "model_state",
        "model",
        "net",
        "network",
        "params",
        "weights",
        "state",
        "models",
    ),
    *("module", "net_state_dict", "network_state_dict", "model_dict", "model_weights", "best_state_dict"),
}
"""Under these names a training keeps the state of its model."""


def make_layer_name(array: str) -> str:
    """The name of an array's layer as links write it: `features.0.weight` is `features-0`."""
    stem = split_array_name(array)[0] or array
    return re.sub(r"[^a-z0-9_]+", "-", stem.lower()).strip("-")[:64] or "conv"


def split_array_name(array: str) -> tuple[str, str]:
    """The layer in an array's name, and what the array is to it; no layer where the name does not say it."""
    found = _LAYER_ARRAY.fullmatch(array)
    return (found[1], found[3]) if found and found[1] else ("", "")


def list_bias_names(array: str) -> list[str]:
    """What the bias of such weights may be called: `b1` beside `W1`, `conv_b` or `conv.bias` beside `conv`."""
    found = _LAYER_ARRAY.fullmatch(array)
    if found:
        return [f"{found[1]}{found[2]}{_BIAS_OF_WEIGHTS[found[3]]}{found[4]}"]
    found = _NUMBERED.fullmatch(array)
    if found:
        return [f"{found[1]}{bias}{found[3]}" for bias in (_BIAS_OF_WEIGHTS[found[2]], "b", "bias")]
    return [f"{array}{end}" for end in ("_b", "_bias", ".bias", "/bias")]


def split_parts(name: str) -> list[str]:
    """The parts of a name, from the outermost on."""
    end = name[-MAX_CHARACTERS:]
    return [part for part in re.split(r"[./:\s]+", end.removesuffix(":0")) if part] or [end]


def is_weights_name(name: str) -> bool:
    """Whether it is the name of weights, or of nothing in particular, as in a list."""
    return bool(_WEIGHTS.fullmatch(split_parts(name)[-1]))


def is_statistic_name(name: str) -> bool:
    """Whether it is the name of a mean, a deviation or a counter."""
    return bool(_STATISTICS.fullmatch(split_parts(name)[-1]))


def has_optimizer_part(parts: list[str]) -> bool:
    """Whether a part says that this is what an optimizer keeps."""
    return any(_OPTIMIZER.fullmatch(part) for part in parts)


def has_running_average_part(parts: list[str]) -> bool:
    """Whether a part says that this is a running average of a model."""
    return any(_COPIES.fullmatch(part) for part in parts)


def is_transposed_name(name: str) -> bool:
    """Whether a part is the name of a transposed convolution."""
    return any(_TRANSPOSED.search(part) for part in split_parts(name))


def is_decoder_name(name: str) -> bool:
    """Whether a part is the name of a network, or a half of one, that makes pictures."""
    return any(_DECODER.fullmatch(part) for part in split_parts(name)[:-1])


def is_depthwise_name(name: str) -> bool:
    """Whether a part is the name of a convolution that reads each channel on its own."""
    return any(_DEPTHWISE.search(part) for part in split_parts(name))


def is_other_layer_name(name: str) -> bool:
    """Whether a part is the name of something else that has weights with three axes."""
    return any(_NO_CONVOLUTION.search(part) for part in split_parts(name))


def make_natural_sort_key(name: str) -> list[tuple[int, int, str]]:
    """A key that sorts names as people count: conv2 before conv10."""
    pieces = re.split(r"(\d+)", name[-MAX_CHARACTERS:])
    return [(1, int(piece[-18:]), "") if piece.isdecimal() and piece.isascii() else (0, 0, piece) for piece in pieces]
