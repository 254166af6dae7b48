"""The venue's SDKs, loaded when a test asks for one: that takes a second."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.unit.exchange.auth.retired_sdk import RetiredSdk
    from tests.unit.exchange.auth.unified_sdk import UnifiedSdk


@pytest.fixture(scope="session")
def unified() -> UnifiedSdk:
    from tests.unit.exchange.auth.unified_sdk import UnifiedSdk  # noqa: PLC0415 - a second

    return UnifiedSdk()


@pytest.fixture(scope="session")
def retired() -> RetiredSdk:
    from tests.unit.exchange.auth.retired_sdk import RetiredSdk  # noqa: PLC0415 - a second

    return RetiredSdk()


@pytest.fixture(scope="session", params=["unified", "retired"])
def sdk(request: pytest.FixtureRequest) -> UnifiedSdk | RetiredSdk:
    return request.getfixturevalue(request.param)
