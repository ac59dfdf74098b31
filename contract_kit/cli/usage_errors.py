"""Errors of a command line in the kit's own words: the word that is wrong, and what to write."""

from __future__ import annotations

import re

import click

from contract_kit.cli.main import PROJECT
from contract_kit.text.near import did_you_mean

_VALUE = re.compile(r"(?P<value>.*) is not (?:a valid|in the range|one of)\b.*", re.DOTALL)
"""How click begins when a value does not fit the type of its option."""


def usage_error_line(error: click.ClickException) -> str:
    """The error as one line that says what to do."""
    match error:
        case click.MissingParameter():
            named = (error.param and error.param.human_readable_name) or "an argument"
            return f"{named} is missing; {_help(error)}"
        case click.BadParameter():
            return _bad_value(error)
        case click.NoSuchOption():
            near = did_you_mean(error.option_name, _options(error.ctx), otherwise=_help(error))
            return f"no option {error.option_name!r}; {near}"
        case click.BadOptionUsage():
            name = error.option_name
            if "requires" in error.message:
                return f"{name} needs a value; write {name} VALUE"
            return f"{name} takes no value; write it alone"
        case click.UsageError() if error.message.startswith("Got unexpected"):
            extra = error.message.partition("(")[2].rstrip(").")
            return f"unexpected argument {extra!r}; {_help(error)}"
    return error.format_message()


def _bad_value(error: click.BadParameter) -> str:
    """The option, or where else the value was given; the value; and what the option takes."""
    if getattr(error.param, "multiple", False) and error.message.startswith("Value must be"):
        return f"{_given_as(error)}: write a text, or a list of texts"
    found = _VALUE.fullmatch(error.message)
    takes = _takes(error.param, error.message) if found else ""
    text = f"{found['value']} is {takes}" if found and takes else error.message.removesuffix(".")
    return f"{_given_as(error)}: {text}"


def _takes(param: click.Parameter | None, message: str) -> str:
    """The words after `is`, about a value that an option refuses; empty if the type is unknown."""
    kind = param.type if param else None
    if isinstance(kind, click.Choice):
        given = _VALUE.sub(r"\g<value>", message).strip("'\"")
        near = did_you_mean(given, map(str, kind.choices))
        return f"not one of {', '.join(map(str, kind.choices))}{near and f'; {near}'}"
    if isinstance(kind, (click.IntRange, click.FloatRange)):
        number = "whole number" if isinstance(kind, click.IntRange) else "number"
        least = "" if kind.min is None else f" from {kind.min:g}"
        most = "" if kind.max is None else f" to {kind.max:g}"
        return f"not a {number}{least}{most}"
    if kind is not None and kind.name in ("integer", "float"):
        return "not a whole number" if kind.name == "integer" else "not a number"
    return "neither true nor false" if isinstance(kind, click.types.BoolParamType) else ""


def _given_as(error: click.BadParameter) -> str:
    """Where the value was given: an option, an environment variable, a line of settings."""
    param, context = error.param, error.ctx
    if param is None or context is None or not param.name:
        return error.param_hint if isinstance(error.param_hint, str) else "the command line"
    option = (
        max(param.opts, key=len) if isinstance(param, click.Option) else param.human_readable_name
    )
    match context.get_parameter_source(param.name):
        case click.core.ParameterSource.ENVIRONMENT:
            return f"{context.auto_envvar_prefix}_{param.name.upper()}"
        case click.core.ParameterSource.DEFAULT_MAP:
            return f"{PROJECT}: [tool.contract-kit.{context.info_name}] {param.name}"
    return option


def _options(context: click.Context | None) -> list[str]:
    if context is None:
        return []
    return [name for param in context.command.params for name in param.opts if name[:2] == "--"]


def _help(error: click.ClickException) -> str:
    context = error.ctx if isinstance(error, click.UsageError) else None
    command = context.command_path if context else "contract-kit"
    return f"`{command} --help` shows what to write"
