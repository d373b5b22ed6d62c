"""Who may open the pages here, by method; see `web.access`."""

from __future__ import annotations

from collections.abc import Mapping

from web.roles import Roles

ACCESS: Mapping[str, Mapping[str, Roles]] = {}
