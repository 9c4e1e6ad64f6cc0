"""Gunicorn's messages, written like ours."""

from __future__ import annotations

from typing import Any

from gunicorn.glogging import Logger

from bocage.config import logs
from bocage.config.environment import ENVIRONMENT


class ServerLog(Logger):  # type: ignore[misc]  # gunicorn is not typed
    """Leaves the handlers to `logs.configure`; gunicorn would add its own, in its own format."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        for logger in (self.error_log, self.access_log):
            logger.handlers.clear()
            logger.propagate = True
        logs.configure(ENVIRONMENT.log_format)
