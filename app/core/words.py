"""Every sentence that a problem says, in one table: plain words, with the value and what is allowed."""

from __future__ import annotations

from collections.abc import Iterable
from types import MappingProxyType

from .options import Option

SENTENCES = MappingProxyType(
    {
        # what is wrong
        "bad": "{field} is {value}; it can be {allowed}.",
        "bad_number": "A number in {field} is {value}; it can be {allowed}.",
        "unknown": "{value} is not a name here; {field} can be {allowed}.",
        "unknown_key": "{value} is not something a link can say; it can say {allowed}.",
        "unknown_option": "{op} has no option {value}; it has {allowed}.",
        "no_value": "{value} has no value; write {allowed}.",
        "no_head": "{op} does not take {value}; it is written {allowed}.",
        "no_filter": "A convolution needs a filter; it can be {allowed}.",
        "needs_head": "{op} needs {allowed}.",
        "ragged": "In {value} the rows are not equally long or the planes not equally large; {allowed}.",
        "empty": "{value} holds no numbers; it can be {allowed}.",
        "too_many": "There are {value} {what}; there can be {allowed}.",
        "too_large": "{field} has {value} cells a plane; it can have {allowed}.",
        "too_long": "The link is {value} characters long; it can have {allowed}.",
        "not_json": "scene is not JSON that can be read; it can be {allowed}.",
        "wrong_type": "{field} is {value}; it must be {allowed}.",
        # what was put in its place, or could be
        "nearest": " The nearest that works is {used}.",
        "default": " Left out, it is {used}.",
        "near_name": " Did you mean {used}?",
        "and_more": " So are {count} more.",
        "part_dropped": " It is left out.",
        "layer_dropped": " The layer is left out.",
        "long_dropped": " What does not fit is left out.",
        "rest_dropped": " The rest is left out.",
        "filled": " The missing cells are 0.",
        "cut": " The rest is cut off.",
        # notes, which stop nothing
        "repeated": "{value} is said more than once; the last one counts.",
        "no_filter_left": "No filter of this convolution could be used, so the layer is left out.",
        "scene_wins": "The link says scene and also {value}; scene counts.",
        # what is allowed
        "a_number": "a number such as -2, 0.5 or 1/9, from {least} to {most}, of at most {characters} characters",
        "number": "a number from {least} to {most}",
        "number_above": "a number above {least}, up to {most}",
        "numbers": "one number for all maps such as 0.5, or up to {count} such as (0,1,-2), each from "
        "{least} to {most}",
        "whole": "a whole number from {least} to {most}",
        "pair": "a whole number from {least} to {most}, or rows x columns such as 1x2",
        "shift": "rows x columns such as 0x1, each a whole number from {least} to {most}",
        "padding": "{names}, a whole number from {least} to {most}, rows x columns such as 1x2, or "
        "(top,bottom,left,right)",
        "flag": "0 or 1",
        "word": "{names}",
        "words": "any of {names}, with commas between them",
        "cell": "row,column such as 3,5, each a whole number from {least} to {most}",
        "box": "top,left,height,width in whole pixels up to {most}, such as 10,20,64,64",
        "text": "a name of small letters, digits, _ and -",
        "path": "a name of small letters, digits, _ and -, or two with a / between them",
        "image": "the name of a sample, the id of an upload such as u-a1b2c3, or numbers such as (0,1;2,3)",
        "planes": "rows of numbers such as (0,1;2,3), one ( ) for each channel, and /9 behind them to divide",
        "same_size": "every row has as many numbers as the first, every plane as many rows",
        "filter": "numbers such as (1,0,-1), a classic filter such as sobel-x, a learned one such as model/layer.3, "
        "or random*4@3x3",
        "random": "random*4@3x3: 1 to {filters} filters of 1x1 to {side}x{side} cells",
        "learned": "model/layer, then .3 for one filter and @2 for a moment of the training",
        "rows_columns": "up to {side}x{side}",
        "at_most": "at most {most}",
        "key_value": "{key}=value",
        "nothing": "no options",
        "json_scene": "an object with image, size, crop, channels, range and layers",
        "json_object": "an object with {names}",
        "json_list": "a list",
        "json_image": "an object with sample (a name), upload (an id such as u-a1b2c3) or planes (lists of numbers)",
        "json_layer": "an object with op, the name of an operation",
        "json_filter": "an object with kernel, planes, model and layer, or random",
        "or": " or ",
        "nothing_shown": "empty",
        "list_shown": "a list",
        "object_shown": "an object",
    }
)


def say(sentence: str, **parts: object) -> str:
    """A sentence of the table with its parts filled in; numbers get their thousands separated."""
    return SENTENCES[sentence].format(
        **{key: f"{part:,}" if isinstance(part, int) else part for key, part in parts.items()}
    )


def listed(names: Iterable[str]) -> str:
    """`a, b or c`; the empty name is not listed."""
    *first, last = [name for name in names if name] or [""]
    return say("or").join([", ".join(first), last] if first else [last])


def shown(text: str, most: int = 60) -> str:
    """What somebody wrote, fit to be quoted: on one line, printable, and not long."""
    short = text if len(text) <= most else f"{text[: most - 1]}…"
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in short) or say("nothing_shown")


def allowed(option: Option, filters: int = 64) -> str:
    """What an option of the table can be, in words."""
    key = {"number": "number_above" if option.above else "number", "text": "path"}.get(option.kind, option.kind)
    names = listed(option.choices)
    return say(key, least=option.least, most=option.most, names=names, count=filters)
