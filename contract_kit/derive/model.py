"""Reads operations out of the service models that botocore ships."""

from __future__ import annotations

import functools
import hashlib
import json
from dataclasses import dataclass

import botocore
import botocore.loaders

from contract_kit.contract.catalog import split_id, unknown_operation
from contract_kit.contract.shape import Json
from contract_kit.derive.service_names import nearest_services
from contract_kit.errors import UnknownOperation


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
        """What the model is, for the documents derived from it."""
        return (
            f"botocore {botocore.__version__} {self.service}/{self.api_version} "
            f"sha256:{self.digest}"
        )


@functools.lru_cache(maxsize=4)
def load_model(service: str) -> ServiceModel:
    """The newest model of a service in the installed botocore; raises UnknownOperation."""
    # Only the models that botocore ships: what a user keeps in ~/.aws/models must not change
    # what is derived.
    builtin = botocore.loaders.Loader.BUILTIN_DATA_PATH
    loader = botocore.loaders.Loader([builtin], include_default_search_paths=False)
    known = loader.list_available_services("service-2")
    if service not in known:
        raise UnknownOperation(
            f"botocore {botocore.__version__} has no service {service!r}; "
            f"did you mean {' or '.join(nearest_services(service, known))}?"
        )
    api_version = loader.determine_latest_version(service, "service-2")
    body = loader.load_service_model(service, "service-2", api_version)
    text = json.dumps(body, sort_keys=True, separators=(",", ":"))
    return ServiceModel(
        service=service,
        api_version=api_version,
        digest=hashlib.sha256(text.encode()).hexdigest(),
        body=body,
    )


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
