"""Derives documents for whole services, writes them, and compares them with committed ones."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from contract_kit.contract.shape import Json
from contract_kit.derive.merge import merge_pages
from contract_kit.derive.page import Page, read_page
from contract_kit.derive.schema import model_documents
from contract_kit.derive.service_model import load_model
from contract_kit.errors import SourceError, UsageError
from contract_kit.files import read_text


def read_pages(paths: Iterable[Path]) -> tuple[Page, ...]:
    """Documentation pages from text files and folders of them; raises SourceError."""
    pages = []
    for path in _files(paths):
        text = read_text(path, "give a page saved as UTF-8 text")
        pages.append(read_page(text, source=str(path)))
    return tuple(pages)


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        if not path.is_dir():
            yield path
            continue
        inside = sorted(path.glob("*.txt"))
        if not inside:
            raise SourceError(f"{path}: contains no pages; give a folder of pages named *.txt")
        yield from inside


def documents(id: str, pages: tuple[Page, ...]) -> Iterator[tuple[str, Json]]:
    """File name and content of each document of a service, or of one operation of it.

    A page of an operation that is not asked for is refused: its facts would be lost.
    Raises UnknownOperation, UsageError.
    """
    service, colon, name = id.partition(":")
    if not service or (colon and not name):
        raise UsageError(f"{id!r} names no service; write SERVICE or SERVICE:OPERATION")
    names = (name,) if name else load_model(service).operation_names
    for page in pages:
        if page.kind == "operation" and page.name not in names:
            raise UsageError(f"page {page.name} describes no operation of {id}; leave it out")
    for each in names:
        request, response = model_documents(f"{service}:{each}")
        if any(page.name == each and page.kind == "operation" for page in pages):
            request, response = merge_pages(request, response, pages)
        yield f"{service}/{each}.request.json", request
        yield f"{service}/{each}.response.json", response


def render(document: Json) -> str:
    """A document as the text that is committed."""
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _unversioned(text: str) -> str:
    """A document without botocore's version: the hash beside it says which model it is."""
    return re.sub(r'"botocore \S+ ', '"botocore ', text)


def differences(id: str, pages: tuple[Page, ...], folder: Path) -> tuple[str, ...]:
    """A line per document in `folder` that derives differently now, is missing, or is left over.

    Raises UnknownOperation, UsageError.
    """
    found = []
    expected = dict(documents(id, pages))
    for name, document in expected.items():
        path = folder / name
        if not path.is_file():
            found.append(f"{path}: missing")
        elif _unversioned(path.read_text(encoding="utf-8")) != _unversioned(render(document)):
            found.append(f"{path}: differs from the current sources")
    if ":" not in id:
        present = (folder / id).glob("*.json")
        known = {folder / name for name in expected}
        found += [f"{path}: no such operation" for path in sorted(present) if path not in known]
    return tuple(found)
