"""The state of the service: archives, and exports of them, in memory."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock

from contract_kit.contract.shape import Json, Shapes
from contract_kit.contract.walk import entries, mapped
from contract_kit.reference.refusal import NOT_FOUND, VALIDATION, Refusal

SERVICE = "mailmanager"

KEPT = 10_000
"""Archives and exports that are remembered, each; older ones are forgotten."""

PAGE = 50
"""Exports in a page of a list, where the request asks for no other size."""


class Archives:
    """The objects created so far. Identifiers count up, so that every run gives the same ones."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._count = 0
        self._archives: dict[str, Json] = {}
        self._exports: dict[str, dict[str, Json]] = {}

    def _remember(self, prefix: str, things: dict[str, Json], thing: Json) -> str:
        with self._lock:
            self._count += 1
            name = f"{prefix}-{self._count:012d}"
            things[name] = thing
            if len(things) > KEPT:
                del things[next(iter(things))]
        return name

    def create_archive(self, request: Json) -> Json:
        """Every archive is new, whatever its name."""
        return {"ArchiveId": self._remember("a", self._archives, request)}

    def start_export(self, request: Json) -> Json:
        """Any well-formed ArchiveId will do, so that the service can be used without set-up."""
        export = {**request, "Status": {"State": "QUEUED"}}
        return {"ExportId": self._remember("export", self._exports, export)}

    def get_export(self, request: Json) -> Json:
        """The request that started the export, and its status; raises Refusal."""
        return {
            name: value
            for name, value in self._export(request).items()
            if name != "IncludeMetadata"
        }

    def stop_export(self, request: Json) -> Json:
        """Marks the export as cancelled; raises Refusal."""
        self._export(request)["Status"] = {"State": "CANCELLED"}
        return {}

    def list_exports(self, request: Json) -> Json:
        """Exports of one archive, oldest first; raises Refusal for a token it never gave."""
        token = request.get("NextToken", "0")
        if not (token.isascii() and token.isdigit() and len(token) < 10):
            raise Refusal(VALIDATION, "NextToken is none that a list returned")
        with self._lock:
            found = [
                {"ExportId": name, "Status": export["Status"]}
                for name, export in self._exports.items()
                if export.get("ArchiveId") == request["ArchiveId"]
            ]
        # 10.0 is an integer as well, says JSON Schema.
        start, size = int(token), int(request.get("PageSize", PAGE))
        page: dict[str, Json] = {"Exports": found[start : start + size]}
        if start + size < len(found):
            page["NextToken"] = str(start + size)
        return page

    def _export(self, request: Json) -> dict[str, Json]:
        export = self._exports.get(request["ExportId"])
        if export is None:
            raise Refusal(NOT_FOUND, "there is no export of this ExportId")
        return export


HANDLERS: dict[str, Callable[[Archives, Json], Json]] = {
    "CreateArchive": Archives.create_archive,
    "StartArchiveExport": Archives.start_export,
    "GetArchiveExport": Archives.get_export,
    "ListArchiveExports": Archives.list_exports,
    "StopArchiveExport": Archives.stop_export,
}
"""Operation name → what it does to the state, given a request that conforms."""


def known(shapes: Shapes, name: str, value: Json) -> Json:
    """A request without unknown members and without nulls, as the service understood it."""
    shape = shapes[name]
    if shape.members and isinstance(value, dict):
        return {
            at: known(shapes, inner, each)
            for _, at, _, inner, each in entries(shape, value)
            if each is not None
        }
    return mapped(shape, value, lambda each, inner, _: known(shapes, inner, each))
