"""Reads operations out of the service models that botocore ships."""

from __future__ import annotations

import functools
import hashlib
import json
from dataclasses import dataclass

import botocore
import botocore.exceptions
import botocore.loaders

from contract_kit.contract.catalog import split_id, unknown_operation
from contract_kit.contract.shape import Json
from contract_kit.derive.service_names import nearest_services
from contract_kit.errors import UnknownOperation
from contract_kit.text.near import meant


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceModel:
    """One service model as botocore ships it. digest: SHA-256 of its canonical JSON."""

    service: str
    api_version: str
    digest: str
    body: Json

    @property
    def operation_names(self) -> tuple[str, ...]:
        """Every operation of the service, sorted."""
        return tuple(sorted(self.body["operations"]))

    @property
    def source(self) -> str:
        """Name, version and hash of the model, for the documents derived from it."""
        return _source(self.service, self.api_version, self.digest)


@functools.lru_cache(maxsize=4)
def load_model(service: str) -> ServiceModel:
    """The newest model of a service in the installed botocore; raises UnknownOperation."""
    loader = _loader()
    known = loader.list_available_services("service-2")
    if service not in known:
        others = f"write one of its {len(known)}, such as {known[0]}"
        hint = meant(*nearest_services(service, known)) or others
        raise UnknownOperation(
            f"botocore {botocore.__version__} has no service {service!r}; {hint}"
        )
    api_version = loader.determine_latest_version(service, "service-2")
    body = loader.load_service_model(service, "service-2", api_version)
    return ServiceModel(service=service, api_version=api_version, digest=_digest(body), body=body)


def load_beside(model: ServiceModel, kind: str) -> tuple[Json, str]:
    """A file that botocore ships beside a model, and its source; both empty if there is none.

    kind: botocore's name of the file, such as `paginators-1`.
    """
    try:
        body = _loader().load_service_model(model.service, kind, model.api_version)
    except botocore.exceptions.DataNotFoundError:
        return {}, ""
    return body, _source(model.service, model.api_version, _digest(body))


def _source(service: str, api_version: str, digest: str) -> str:
    return f"botocore {botocore.__version__} {service}/{api_version} sha256:{digest}"


def _digest(body: Json) -> str:
    text = json.dumps(body, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _loader() -> botocore.loaders.Loader:
    """Reads only what botocore ships: a user's ~/.aws/models must not change what is derived."""
    builtin = botocore.loaders.Loader.BUILTIN_DATA_PATH
    return botocore.loaders.Loader([builtin], include_default_search_paths=False)


def model_operation(id: str) -> tuple[ServiceModel, Json]:
    """The model of an operation's service, and the operation's own entry in it.

    Raises UnknownOperation.
    """
    service, name = split_id(id)
    model = load_model(service)
    entry = model.body["operations"].get(name)
    if entry is None:
        raise unknown_operation(id, model.operation_names)
    return model, entry
