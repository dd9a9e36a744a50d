"""The catalogue of the commands: every sentence that they print, by its code. The help of the options is English."""

from __future__ import annotations

from ..core.texts import add_catalogue

CLI_MESSAGES = add_catalogue(
    {
        "name_what_to_render": "Name what to render: a link, a file of links, or - for a list on standard input.",
        "unknown_ending": "The name of the file {file} ends with none of {endings}.",
        "html_has_no_options": "A page has none of these options: {options}. Name a file of another kind, or --kind.",
        "unknown_kind": "{kind} is no kind of file; the kinds are {kinds}.",
        "file_error": "{file}: {reason}.",
        "line_error": "{file}, line {line}: {reason}",
        "figures_missing": "{missing} of {count} figures could not be made.",
        "sample_added": "{name} is among the samples after the next start: {address}",
        "file_note": "{file}: {note}",
        "downloaded": "{fetched} of {size} bytes were downloaded.",
        "model_added": "{layer}, {shape}: {name} is among the learned filters after the next start: {address}",
        "other_layers": "Other layers of this file, for --layer:",
        "already_there": "{name} already exists. --replace replaces it with this file; --name NAME adds it under "
        "another name.",
        "item_removed": "{name} is removed; a running server has it until its next start.",
        "is_built_in": "{name} is built-in and cannot be removed.",
        "built_in": "built-in",
        "damaged_item": "damaged",
        "picture_not_added": "There is no added picture with the name {name}; {added}.",
        "model_not_added": "There is no added model with the name {name}; {added}.",
        "lesson_not_added": "There is no added lesson with the name {name}; {added}.",
        "lesson_added": "{name} is among the lessons after the next start: {address}",
        "lesson_fine": "{file}: no problem was found. Scenes: {scenes}, questions: {questions}, minutes: {minutes}.",
        "lesson_same_name": "{file}: {name} is the name of {other}, too; every lesson needs another one.",
        "lesson_not_checked": "{file} was not added: {count} problems.",
        "exercises_written": "{file}: exercises: {specs}, variants: {variants}, bytes: {size}.",
        "exercises_suffix": "{file} ends with {value}; the name of a file of exercises ends with {allowed}.",
        "added_ones": "the added ones are {names}",
        "none_added": "none has been added",
        "not_a_link": "{text} is neither a link, such as image=chelsea&layers=conv:sobel-x, nor a file of links.",
        "empty_list": "{file} has no links; it needs one per line.",
        "not_text": "{file} is not UTF-8 text, so it is not a list of links.",
        "standard_input": "standard input",
        "not_a_base": "--base is {text}; it must be the address of a server: http or https, a host and, if needed, a "
        "path, such as https://lab.example.org/convoscope/.",
        "no_training": "Training is not part of this installation. Install the whole package: {command}",
        "no_pytorch": "Training needs PyTorch, and {name} is missing: {command}",
    }
)
