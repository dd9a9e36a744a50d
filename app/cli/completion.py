"""Completion scripts for bash, zsh and fish, made from the argparse parser."""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class CommandOption:
    """An option: its flags, its help, and its value: "nothing", "text", "file" or "choice"."""

    flags: tuple[str, ...]
    help: str
    value: str
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Command:
    """What can follow the words of a command: subcommands with their help, options, choices, files."""

    words: tuple[str, ...]
    commands: tuple[tuple[str, str], ...]
    options: tuple[CommandOption, ...]
    choices: tuple[str, ...]
    takes_files: bool

    @property
    def path(self) -> str:
        """The words in one string: `images add`."""
        return " ".join(self.words)


def make_script(shell: str, parser: argparse.ArgumentParser) -> str:
    """Make the completion script of a program for a shell, one of SHELLS."""
    return SHELLS[shell](parser.prog, tuple(_list_commands(parser)))


def _list_commands(parser: argparse.ArgumentParser, words: tuple[str, ...] = ()) -> Iterator[Command]:
    """Yield the program itself and all its commands."""
    options: list[CommandOption] = []
    choices: list[str] = []
    files = False
    inner: dict[str, argparse.ArgumentParser] = {}
    named: list[tuple[str, str]] = []
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            inner = dict(action.choices)
            named = [(one.dest, one.help or "") for one in action._choices_actions]
        elif action.option_strings:
            options.append(_make_option(action))
        elif action.choices:
            choices += map(str, action.choices)
        else:
            files = files or _is_file(action)
    yield Command(words, tuple(named), tuple(options), tuple(choices), files)
    for name, command in inner.items():
        yield from _list_commands(command, (*words, name))


def _make_option(action: argparse.Action) -> CommandOption:
    choices = tuple(map(str, action.choices or ()))
    value = "nothing" if action.nargs == 0 else "choice" if choices else "file" if _is_file(action) else "text"
    return CommandOption(tuple(action.option_strings), action.help or "", value, choices)


def _is_file(action: argparse.Action) -> bool:
    """Whether the argument is, or can be, a file."""
    return action.type is Path or action.metavar in ("SCENE", "FILE|URL")


def _make_bash_script(program: str, commands: tuple[Command, ...]) -> str:
    name = f"_{program}"
    known = "|".join(shlex.quote(command.path) for command in commands if command.words)
    return "\n".join(
        [
            f"{name}() {{",
            '    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} at="" next words="" i',
            "    local IFS=$'\\n'  # so that file names can have spaces",
            "    for ((i = 1; i < COMP_CWORD; i++)); do",
            '        next="$at${at:+ }${COMP_WORDS[i]}"',
            f'        case "$next" in {known}) at=$next ;; esac',
            "    done",
            "    COMPREPLY=()",
            '    case "$at:$previous" in',
            *_make_bash_cases(commands),
            "    esac",
            '    case "$at" in',
            *(f"        {shlex.quote(one.path)}) words={_quote_lines(_list_words(one))} ;;" for one in commands),
            "    esac",
            '    COMPREPLY=($(compgen -W "$words" -- "$current"))',
            f'    case "$at" in {_match_file_commands(commands)}) COMPREPLY+=($(compgen -f -- "$current")) ;; esac',
            "}",
            f"complete -o filenames -F {name} {program}",
            "",
        ]
    )


def _make_bash_cases(commands: tuple[Command, ...]) -> Iterator[str]:
    """Yield a case for each option that takes a value."""
    for command in commands:
        for option in command.options:
            if option.value == "nothing":
                continue
            places = "|".join(shlex.quote(f"{command.path}:{flag}") for flag in option.flags)
            completion = {
                "file": 'COMPREPLY=($(compgen -f -- "$current"))',
                "choice": f'COMPREPLY=($(compgen -W {_quote_lines(option.choices)} -- "$current"))',
                "text": ":",
            }[option.value]
            yield f"        {places}) {completion}; return ;;"


def _quote_lines(words: Iterable[str]) -> str:
    """Quote words for bash, one per line."""
    return "$'" + "\\n".join(words) + "'"


def _list_words(command: Command) -> list[str]:
    flags = [flag for option in command.options for flag in option.flags]
    return [*(name for name, _ in command.commands), *command.choices, *flags]


def _match_file_commands(commands: tuple[Command, ...]) -> str:
    return "|".join(shlex.quote(command.path) for command in commands if command.takes_files)


def _make_zsh_script(program: str, commands: tuple[Command, ...]) -> str:
    """Make the script for zsh: that for bash, which zsh reads after `bashcompinit`."""
    begin = (
        f"#compdef {program}",
        "(( $+functions[compdef] )) || { autoload -Uz compinit && compinit; }",
        "autoload -Uz bashcompinit && bashcompinit",
    )
    return "\n".join([*begin, _make_bash_script(program, commands)])


def _make_fish_script(program: str, commands: tuple[Command, ...]) -> str:
    known = " ".join(_quote_for_fish(command.path) for command in commands if command.words)
    lines = [
        f"function __{program}_at",
        "    set -l at",
        "    for word in (commandline -opc)[2..-1]",
        f'        contains -- (string join -- " " $at $word) {known}; and set -a at $word',
        "    end",
        '    test "$at" = "$argv"',
        "end",
        f"complete -c {program} -f",
    ]
    for command in commands:
        begin = f"complete -c {program} -n {_quote_for_fish(f'__{program}_at {command.path}'.rstrip())}"
        lines += [f"{begin} -a {name} -d {_quote_for_fish(help)}" for name, help in command.commands]
        lines += [f"{begin} -a {_quote_for_fish(' '.join(command.choices))}"] if command.choices else []
        lines += [f"{begin} -F"] if command.takes_files else []
        lines += [f"{begin} {_format_fish_option(option)}" for option in command.options]
    return "\n".join([*lines, ""])


def _format_fish_option(option: CommandOption) -> str:
    flags = [f"-{'l' if flag.startswith('--') else 's'} {flag.lstrip('-')}" for flag in option.flags]
    given = {"nothing": "", "text": "-x", "file": "-rF", "choice": f"-xa {_quote_for_fish(' '.join(option.choices))}"}
    return " ".join(part for part in (*flags, given[option.value], f"-d {_quote_for_fish(option.help)}") if part)


def _quote_for_fish(text: str) -> str:
    """Quote a text for fish; only backslash and apostrophe are escaped between apostrophes."""
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


SHELLS: Mapping[str, Callable[[str, tuple[Command, ...]], str]] = MappingProxyType(
    {"bash": _make_bash_script, "zsh": _make_zsh_script, "fish": _make_fish_script}
)
