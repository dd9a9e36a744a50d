"""The names of arrays: their layer, their role in it, and their natural order."""

from __future__ import annotations

import re

MAX_CHARACTERS = 300
"""The number of last characters of a name that are examined."""
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
"""The keys under which training programs save the state of a model."""


def make_layer_name(array: str) -> str:
    """The layer's name in links, from an array's name: `features-0` from `features.0.weight`."""
    stem = split_array_name(array)[0] or array
    return re.sub(r"[^a-z0-9_]+", "-", stem.lower()).strip("-")[:64] or "conv"


def split_array_name(array: str) -> tuple[str, str]:
    """The layer and the role in an array's name: ("features.0", "weight"); ("", "") if it has no such form."""
    found = _LAYER_ARRAY.fullmatch(array)
    return (found[1], found[3]) if found and found[1] else ("", "")


def list_bias_names(array: str) -> list[str]:
    """The possible names of the bias of weights: `b1` for `W1`, `conv_b` or `conv.bias` for `conv`."""
    found = _LAYER_ARRAY.fullmatch(array)
    if found:
        return [f"{found[1]}{found[2]}{_BIAS_OF_WEIGHTS[found[3]]}{found[4]}"]
    found = _NUMBERED.fullmatch(array)
    if found:
        return [f"{found[1]}{bias}{found[3]}" for bias in (_BIAS_OF_WEIGHTS[found[2]], "b", "bias")]
    return [f"{array}{end}" for end in ("_b", "_bias", ".bias", "/bias")]


def split_parts(name: str) -> list[str]:
    """The parts of a name, the outermost first."""
    end = name[-MAX_CHARACTERS:]
    return [part for part in re.split(r"[./:\s]+", end.removesuffix(":0")) if part] or [end]


def is_weights_name(name: str) -> bool:
    """Whether this is the name of weights, or only a number, as in a list."""
    return bool(_WEIGHTS.fullmatch(split_parts(name)[-1]))


def is_statistic_name(name: str) -> bool:
    """Whether this is the name of a mean, a deviation or a counter."""
    return bool(_STATISTICS.fullmatch(split_parts(name)[-1]))


def has_optimizer_part(parts: list[str]) -> bool:
    """Whether a part names the state of an optimizer."""
    return any(_OPTIMIZER.fullmatch(part) for part in parts)


def has_running_average_part(parts: list[str]) -> bool:
    """Whether a part names a running average of a model."""
    return any(_COPIES.fullmatch(part) for part in parts)


def is_transposed_name(name: str) -> bool:
    """Whether a part names a transposed convolution."""
    return any(_TRANSPOSED.search(part) for part in split_parts(name))


def is_decoder_name(name: str) -> bool:
    """Whether a part names a decoder or generator, a network that makes pictures."""
    return any(_DECODER.fullmatch(part) for part in split_parts(name)[:-1])


def is_depthwise_name(name: str) -> bool:
    """Whether a part names a depthwise convolution."""
    return any(_DEPTHWISE.search(part) for part in split_parts(name))


def is_other_layer_name(name: str) -> bool:
    """Whether a part names another layer whose weights have three axes."""
    return any(_NO_CONVOLUTION.search(part) for part in split_parts(name))


def make_natural_sort_key(name: str) -> list[tuple[int, int, str]]:
    """A sort key for the natural order of names: conv2 before conv10."""
    pieces = re.split(r"(\d+)", name[-MAX_CHARACTERS:])
    return [(1, int(piece[-18:]), "") if piece.isdecimal() and piece.isascii() else (0, 0, piece) for piece in pieces]
