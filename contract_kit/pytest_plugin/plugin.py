"""The module that pytest loads in every run if the package is installed.

Dormant unless used: nothing of the kit is imported before an option, a marker or a fixture of this
plugin asks for it. Uses pytest's public interface alone; `collecting` says where it goes beyond.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from contract_kit.pytest_plugin.marked_tests import ContractCase
    from contract_kit.spy import Spy

HOW_TO_DEFINE = (
    "no contract_target: define it in a conftest.py or test module, for example "
    "@pytest.fixture(scope='session') def contract_target(): return 'http://127.0.0.1:8000'"
)

MARKER = (
    "contract(*operations, constraint=None, side=None, member=None): run the test for each case of "
    "SERVICE:OPERATION; it takes contract_case and does contract_case.check(contract_target)"
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Options and ini values, all of them named after the contract."""
    group = parser.getgroup("contract", "contract_kit: documented constraints as tests")
    group.addoption(
        "--contract",
        action="store_true",
        help="collect a test per constraint and side, where contract_target is defined",
    )
    group.addoption(
        "--contract-operation",
        action="append",
        default=[],
        metavar="SERVICE:OPERATION",
        help="an operation to test, in place of those of the ini file; repeatable",
    )
    group.addoption(
        "--contract-each-case",
        action="store_true",
        help="collect a test per case instead of one per constraint and side",
    )
    group.addoption(
        "--contract-profile",
        choices=("strict", "lenient"),
        help="lenient: what real AWS services tolerate is right as well",
    )
    group.addoption(
        "--contract-known-gaps",
        metavar="FILE",
        help="TOML file of deviations that are expected to fail",
    )
    group.addoption(
        "--contract-write-gaps", metavar="FILE", help="write what this run finds as known gaps"
    )
    group.addoption(
        "--contract-fail-under",
        type=float,
        metavar="PERCENT",
        help="fail if fewer constraints are proven to hold",
    )
    group.addoption(
        "--contract-report",
        action="append",
        default=[],
        metavar="FORMAT:PATH",
        help="also write a report: json or junit; repeatable",
    )
    group.addoption(
        "--contract-startup-timeout",
        type=float,
        metavar="S",
        help="seconds to wait for the target's first answer; default 30",
    )
    group.addoption(
        "--contract-rate-limit",
        metavar="N/s",
        help="send at most N requests a second (or N/m, N/h)",
    )
    group.addoption(
        "--contract-protocol",
        metavar="NAME",
        help="protocol to speak, such as json or rpc-v2-cbor; default the usual one",
    )
    parser.addini("contract_protocol", "as --contract-protocol", "string", "")
    parser.addini("contract_operations", "operations to test, SERVICE:OPERATION", "args", [])
    parser.addini("contract_known_gaps", "as --contract-known-gaps", "string", "")
    parser.addini("contract_profile", "as --contract-profile", "string", "strict")
    parser.addini("contract_startup_timeout", "as --contract-startup-timeout", "string", "30")
    parser.addini("contract_rate_limit", "as --contract-rate-limit", "string", "0")


def pytest_configure(config: pytest.Config) -> None:
    """Registers the marker; with `--contract`, or the id of one of its items, the collector."""
    config.addinivalue_line("markers", MARKER)
    from contract_kit.pytest_plugin.records import Records

    config.pluginmanager.register(Records(config), "contract-records")
    if config.option.contract or any(_is_item_id(arg) for arg in config.args):
        from contract_kit.pytest_plugin.collecting import Collecting

        config.pluginmanager.register(Collecting(config), "contract-collecting")
        return
    for given, name in (
        (config.option.contract_operation, "--contract-operation"),
        (config.option.contract_each_case, "--contract-each-case"),
    ):
        if given:
            raise pytest.UsageError(f"{name} has no effect without --contract; add --contract")


def _is_item_id(argument: str) -> bool:
    """Whether an argument reads `path::service:Operation`, so that `--contract` is implied."""
    _, colons, rest = argument.partition("::")
    service, colon, name = rest.partition("::")[0].partition(":")
    return bool(colons and service and colon and name.isalnum())


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Campaigns a test that takes `contract_case` once for each case that its marker names."""
    if "contract_case" in metafunc.fixturenames:
        from contract_kit.pytest_plugin.marked_tests import parametrize

        parametrize(metafunc)


@pytest.fixture(scope="session")
def contract_target() -> object:
    """The implementation under test. Override it: a URL, a WSGI or ASGI application, a function
    from request to result, a boto3 client, or a Target."""
    pytest.fail(HOW_TO_DEFINE, pytrace=False)


@pytest.fixture(scope="session")
def contract_bindings() -> dict[str, Any]:
    """Values that the target knows, by member: `{"ArchiveId": "a-known"}`, or by operation and
    member. Override it."""
    return {}


@pytest.fixture(scope="session")
def contract_request() -> dict[str, Any]:
    """Requests that the target accepts, by operation, from which all cases start:
    `{"SERVICE:OPERATION": {…}}`, or a list of them. Override it."""
    return {}


@pytest.fixture(scope="session")
def contract_reset() -> Callable[[str], object] | None:
    """A function that resets or restarts the target, called with the id of each operation before
    it is tested. Override it."""
    return None


@pytest.fixture(scope="session")
def contract_credentials() -> tuple[str, ...]:
    """Access key id, secret and perhaps session token that requests are signed with; by default
    those of no one. Override it."""
    return ()


@pytest.fixture
def contract_case(request: pytest.FixtureRequest) -> ContractCase:
    """One case of the operation that the marker `contract` names; `check(contract_target)` it."""
    from contract_kit.pytest_plugin.marked_tests import ContractCase

    return ContractCase(request)


@pytest.fixture(scope="module")
def contract_check(
    request: pytest.FixtureRequest, contract_target: object
) -> Iterator[Callable[[Any, Any], None]]:
    """`contract_check(operation, sample)`: asserts that the target answers a request of
    `valid(operation)`, or of `violating(operation)`, as documented."""
    from contract_kit.pytest_plugin.check_fixture import CheckFixture

    with CheckFixture(request, contract_target) as checking:
        yield checking.check


@pytest.fixture
def contract_spy(pytestconfig: pytest.Config) -> Iterator[Spy]:
    """Sees each call that the test makes through botocore or boto3, and fails the test where a
    request or reply breaks the contract; `contract_spy.calls` are those seen so far."""
    from contract_kit.pytest_plugin.failures import fail_in_one_line
    from contract_kit.pytest_plugin.spy_fixture import FixtureSpy
    from contract_kit.settings.contracts import contracts_in
    from contract_kit.spy import spying

    contracts = fail_in_one_line("contract_spy: ", contracts_in, pytestconfig.rootpath)
    with spying(FixtureSpy(contracts)) as spy:
        yield spy
    failures = spy.failures()
    if failures:
        pytest.fail("\n\n".join(failures), pytrace=False)
