from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.kernel.local_server import LocalServer


@pytest.fixture
def server(settings: Any) -> Iterator[LocalServer]:
    """A server of our own, which the operator allowed."""
    import threading

    with LocalServer() as made:
        settings.BOCAGE = settings.BOCAGE.model_copy(update={"capture_private_hosts": made.address})
        thread = threading.Thread(target=made.serve_forever, daemon=True)
        thread.start()
        yield made
        made.shutdown()
        thread.join()
