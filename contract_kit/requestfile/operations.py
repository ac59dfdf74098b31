"""Finds operations: in the repository's own contracts, in the kit's, in botocore."""

from __future__ import annotations

import itertools
import json
import os
import re

from contract_kit.contract.catalog import committed_names
from contract_kit.contract.operation import Operation
from contract_kit.contract.shape import Json
from contract_kit.requestfile.files import MOST
from contract_kit.settings.contracts import KNOWN, Contracts

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]*")
_KEBAB = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_URN = re.compile(r"urn:contract-kit:([^:]+):[^:]*:([^:]+):request(?::(\w+))?")
_FILE = re.compile(r"(?:^|.*/)([^/]+)/([^/.]+)\.request(?:\.(\w+))?\.json")

OWN_SCHEMA = "urn:contract-kit:"
"""How the ids of the schemas begin that the kit writes; they lie beside requests, for editors."""

RENAMED = {"codedeploy": "deploy", "config": "configservice", "s3": "s3api"}
"""Services whose commands in the AWS CLI have other names."""


class Operations:
    """The operations that files may be for. contracts: where they come from."""

    def __init__(self, contracts: Contracts = KNOWN) -> None:
        self._contracts = contracts
        self._found: dict[str, Operation] = {}
        self._names: dict[str, tuple[str, ...]] = {}

    def find(self, id: str) -> Operation:
        """The operation `SERVICE:OPERATION`; raises UnknownOperation, SourceError, UsageError."""
        if id not in self._found:
            self._found[id] = self._contracts.operation(id)
        return self._found[id]

    def of_path(self, path: str) -> tuple[str, str | None] | None:
        """The operation that a path names, as `service/Operation` or in the CLI's spelling.

        With it comes the dialect: the CLI's spelling says that the file is meant for it.
        """
        parts = path.replace("\\", "/").split("/")
        for service, rest in itertools.pairwise(parts):
            name = rest.partition(".")[0]
            if _NAME.fullmatch(service) and _NAME.fullmatch(name):
                found = self._named(service, name)
                if found is not None:
                    return found, "cli" if name[0].islower() else None
        return None

    def nearest(self, path: str) -> str | None:
        """The operation that a path names by another name of its service, if it is the only one."""
        from contract_kit.derive.service_names import services_of

        parts = path.replace("\\", "/").split("/")
        for service, rest in itertools.pairwise(parts):
            name = rest.partition(".")[0]
            if _NAME.fullmatch(service) and _NAME.fullmatch(name):
                named = (self._named(each, name) for each in services_of(service))
                found = list(filter(None, named))
                if len(found) == 1:
                    return found[0]
        return None

    def _named(self, service: str, name: str) -> str | None:
        if not (name[0].isupper() or _KEBAB.fullmatch(name)):
            return None
        is_one_word = name.islower() and "-" not in name
        service = next((key for key, cli in RENAMED.items() if cli == service), service)
        plain = name.replace("-", "").lower()
        for known in self._all(service):
            in_cli = plain if "-" in name else name if is_one_word and _is_word(known) else None
            if known == name or known.lower() == in_cli:
                return f"{service}:{known}"
        return None

    def _all(self, service: str) -> tuple[str, ...]:
        """Names of all operations of a service; none of one that nobody knows."""
        if service not in self._names:
            self._names[service] = self._look_up(service)
        return self._names[service]

    def _look_up(self, service: str) -> tuple[str, ...]:
        for root in (*self._contracts.folders, None):
            names = committed_names(service, root=root)
            if names:
                return names
        # Loading botocore takes half a second: only a folder with a service's name is worth it.
        import importlib.util

        found = importlib.util.find_spec("botocore")
        places = found.submodule_search_locations if found else None
        if not any(os.path.isdir(os.path.join(place, "data", service)) for place in places or ()):
            return ()
        from contract_kit.derive.service_model import load_model

        return load_model(service).operation_names

    @staticmethod
    def of_schema(reference: object, near: str = "") -> tuple[str, str | None] | None:
        """The operation, and dialect if any, that a `$schema` names.

        near: the file that names it, so that a schema beside it can give its own name.
        """
        if not isinstance(reference, str):
            return None
        match = _URN.fullmatch(reference) or _FILE.fullmatch(reference)
        if match is None and near and ":" not in reference:
            match = _URN.fullmatch(_id_in(os.path.join(os.path.dirname(near), reference)))
        return (f"{match[1]}:{match[2]}", match[3]) if match else None


def _is_word(operation: str) -> bool:
    """Whether the AWS CLI writes the name of an operation without a hyphen."""
    return operation[:1].isupper() and operation[1:].islower()


def is_schema(value: Json) -> bool:
    """Whether a document is a schema that the kit wrote, not a request."""
    if type(value) is not dict or "$id" not in value:
        return False
    id = value["$id"]
    return isinstance(id, str) and id.startswith(OWN_SCHEMA) and "$schema" in value


def _id_in(path: str) -> str:
    """The `$id` of a schema in a file; nothing where there is none."""
    try:
        if not os.path.isfile(path) or os.path.getsize(path) > MOST:
            return ""
        with open(path, "rb") as file:
            document = json.loads(file.read())
    except (OSError, ValueError, RecursionError):
        return ""
    id = document.get("$id") if isinstance(document, dict) else None
    return id if isinstance(id, str) else ""
