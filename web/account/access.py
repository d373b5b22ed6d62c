"""Who may open the pages here, by method; see `web.access`."""

from __future__ import annotations

from collections.abc import Mapping

from web.roles import EVERYONE, Roles

ACCESS: Mapping[str, Mapping[str, Roles]] = {
    "web:account:home": {"GET": EVERYONE},
    "web:account:tokens": {"GET": EVERYONE, "POST": EVERYONE},
    "web:account:revoke-token": {"GET": EVERYONE, "POST": EVERYONE},
    "web:account:notices": {"GET": EVERYONE, "POST": EVERYONE},
}
