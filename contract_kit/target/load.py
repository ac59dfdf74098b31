"""Finds `module:attribute` of the user's: an application, a function, or what makes one."""

from __future__ import annotations

import importlib
from typing import Any

from contract_kit.errors import UsageError
from contract_kit.target.failures import said_by


def load(name: str) -> Any:
    """The object that `module:attribute` names; `module:factory()` is called first.

    Raises UsageError for what cannot be imported, found or made, whatever went wrong in it.
    """
    module_name, _, attribute = name.partition(":")
    path = attribute.removesuffix("()").split(".")
    words = [*module_name.split("."), *path]
    if not all(word.isidentifier() for word in words):
        raise UsageError(f"{name!r}: write module:attribute, for example server:app")
    try:
        found: Any = importlib.import_module(module_name)
    except ModuleNotFoundError as error:
        if error.name and (module_name + ".").startswith(error.name + "."):
            raise UsageError(
                f"{name}: there is no module {error.name}; "
                "modules are looked for in the working directory first"
            ) from None
        raise _broken(name, "importing it", error) from None
    except (Exception, SystemExit) as error:
        raise _broken(name, "importing it", error) from None
    for word in path:
        try:
            found = getattr(found, word)
        except AttributeError:
            raise UsageError(f"{name}: {module_name} has no {'.'.join(path)}") from None
    if attribute.endswith("()"):
        try:
            found = found()
        except (Exception, SystemExit) as error:
            raise _broken(name, f"calling {attribute}", error) from None
    return found


def _broken(name: str, doing: str, error: BaseException) -> UsageError:
    return UsageError(f"{name}: {doing} raises {type(error).__name__}: {said_by(error)}")
