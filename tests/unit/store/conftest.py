"""An empty database for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from mailflow.store.database import Store, migrate


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store(f"sqlite:///{tmp_path / 'mailflow.db'}")
    migrate(opened)
    yield opened
    opened.close()
