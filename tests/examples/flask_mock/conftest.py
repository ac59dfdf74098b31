import pytest
from archives import app


@pytest.fixture(scope="session")
def contract_target():
    return app
