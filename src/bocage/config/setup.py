"""The files that an installation needs around Bocage: settings, systemd units, a Caddy example. `deploy/` holds the same ones
for the usual places; a test keeps them in step."""

from __future__ import annotations

import os
import sys
import textwrap
from dataclasses import dataclass
from pathlib import Path

from pydantic import SecretStr
from pydantic.fields import FieldInfo

from bocage.config.environment import PREFIX, Environment

STATE_DIR = "/var/lib/bocage"


@dataclass(frozen=True)
class Places:
    """`program`: the `bocage` executable; `env_file`: the settings that the units read; `port`: of the web server."""

    program: str = "/opt/bocage/bin/bocage"
    env_file: str = "/etc/bocage/bocage.env"
    port: int = 8000


def files(places: Places) -> dict[str, str]:
    """Every file by its path below the folder."""
    return {
        "bocage.env": env_file(),
        "systemd/bocage-web.service": web_unit(places),
        "systemd/bocage-worker.service": worker_unit(places),
        "caddy/Caddyfile": caddyfile(places),
    }


def write(folder: Path, places: Places) -> dict[str, bool]:
    """Write them below `folder`; True for those written, False for those that were there, which are never touched."""
    done = {}
    for name, text in files(places).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        mode = 0o600 if name.endswith(".env") else 0o644
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        except FileExistsError:
            done[name] = False
            continue
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        done[name] = True
    return done


def here(folder: Path, port: int) -> Places:
    """Places of this very installation."""
    return Places(str(Path(sys.argv[0]).resolve()), str(folder.resolve() / "bocage.env"), port)


def env_file() -> str:
    """Every setting, its meaning and its default, as a file that systemd and compose read."""
    lines = [
        "# Settings of Bocage. A line that begins with # leaves the default.",
        "# Each may also be read from a file: BOCAGE_SECRET_KEY_FILE=/run/secrets/key",
        "",
    ]
    for name, field in Environment.model_fields.items():
        lines += textwrap.wrap(field.description or "", 118, initial_indent="# ", subsequent_indent="# ")
        value = STATE_DIR if name == "data_dir" else _shown(field)
        lines += [f"{'' if name == 'data_dir' else '#'}{PREFIX}{name.upper()}={value}", ""]
    return "\n".join(lines)


def _shown(field: FieldInfo) -> str:
    default = field.default
    if isinstance(default, SecretStr):
        return default.get_secret_value()
    return str(default).lower() if isinstance(default, bool) else str(default)


_HARDENING = f"""\
DynamicUser=yes
User=bocage
StateDirectory=bocage
StateDirectoryMode=0700
WorkingDirectory={STATE_DIR}
UMask=0077
ProtectSystem=strict
ProtectHome=yes
PrivateTmp=yes
PrivateDevices=yes
ProtectKernelTunables=yes
ProtectKernelModules=yes
ProtectKernelLogs=yes
ProtectControlGroups=yes
ProtectClock=yes
ProtectHostname=yes
ProtectProc=invisible
NoNewPrivileges=yes
RestrictSUIDSGID=yes
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
LockPersonality=yes
CapabilityBoundingSet=
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallFilter=~@privileged @resources"""


def web_unit(places: Places) -> str:
    return f"""\
# The web server of Bocage. Both units share one user and one folder, {STATE_DIR}.
[Unit]
Description=Bocage, web server
After=network-online.target postgresql.service
Wants=network-online.target

[Service]
Type=exec
EnvironmentFile={places.env_file}
ExecStartPre={places.program} upgrade
ExecStart={places.program} web --host 127.0.0.1 --port {places.port}
Restart=always
RestartSec=2
TimeoutStartSec=infinity
TimeoutStopSec=40
{_HARDENING}

[Install]
WantedBy=multi-user.target
"""


def worker_unit(places: Places) -> str:
    return f"""\
# The worker of Bocage: publications, polls, housekeeping. Killed at any instant, it loses nothing and doubles nothing.
[Unit]
Description=Bocage, worker
After=network-online.target bocage-web.service
Wants=network-online.target

[Service]
Type=exec
EnvironmentFile={places.env_file}
ExecStart={places.program} worker
Restart=always
RestartSec=2
TimeoutStopSec=40
{_HARDENING}

[Install]
WantedBy=multi-user.target
"""


def caddyfile(places: Places) -> str:
    return f"""\
# HTTPS in front of Bocage. Replace the name; Caddy gets and renews the certificate by itself.
# In bocage.env: BOCAGE_HTTPS=true, BOCAGE_PUBLIC_URL=https://donnees.example.fr, BOCAGE_ALLOWED_HOSTS=donnees.example.fr
donnees.example.fr {{
	encode zstd gzip
	request_body {{
		max_size 2GB
	}}
	# Metrics are for the monitoring of the house: they do not leave it.
	respond /metrics 403
	reverse_proxy 127.0.0.1:{places.port} {{
		flush_interval -1
	}}
}}
"""
