"""Every error the kit raises on purpose.

    ContractKitError
    ├── UsageError            the caller asked for something that cannot be done as asked
    │   ├── UnknownOperation  no committed schema and no botocore model names the operation
    │   ├── UnknownConstraint the operation has no constraint of that id
    │   ├── ImpliedConstraint no request can break the constraint alone
    │   ├── UnknownText       a conforming request needs a string that the kit cannot make
    │   └── AwsHost           requests would go to AWS, which nobody said on purpose
    ├── SourceError           a documentation page, model, schema or request file cannot be read
    ├── UnsupportedPattern    a regular expression outside the dialect that can be decided
    ├── NotExpressible        a protocol has no way to write the request
    └── TargetError           the implementation under test could not be reached or used

Each message is one line that shows the offending value and says what to do instead.
"""

from __future__ import annotations


class ContractKitError(Exception):
    """Root of the errors raised on purpose; the command line turns each into exit code 2."""


class UsageError(ContractKitError):
    """The caller asked for something that cannot be done as asked."""


class UnknownOperation(UsageError):
    """No committed schema and no botocore model describes the operation."""


class UnknownConstraint(UsageError):
    """The operation has no constraint of the given id."""


class ImpliedConstraint(UsageError):
    """No request breaks the constraint without breaking the one that implies it."""


class UnknownText(UsageError):
    """A conforming request needs a string of which none is known that satisfies its pattern."""

    def __init__(self, operation: str, location: str, pattern: str) -> None:
        super().__init__(
            f"{operation}: no {location} is known that satisfies {pattern}; "
            f"bind one that does: {location}=…"
        )


class AwsHost(UsageError):
    """Requests would go to AWS. host: where. way: how to say that it is meant, at this door."""

    def __init__(self, host: str, way: str) -> None:
        super().__init__(
            f"{host} belongs to AWS, where requests cost money and change data; "
            f"{way} if you mean it"
        )
        self.host = host


class SourceError(ContractKitError):
    """A documentation page, service model, schema or request file cannot be read."""


class UnsupportedPattern(ContractKitError):
    """A regular expression holds a construct whose strings the kit cannot decide."""


class NotExpressible(ContractKitError):
    """The wire protocol has no way to write the request, for example null in a query string."""


class TargetError(ContractKitError):
    """The implementation under test could not be reached, or offers nothing to test."""
