"""Who may open the pages here, by method; see `web.access`."""

from __future__ import annotations

from collections.abc import Mapping

from web.roles import PUBLIC, Roles

ACCESS: Mapping[str, Mapping[str, Roles]] = {
    "web:public:verify": {"GET": PUBLIC},
    "web:public:verification": {"GET": PUBLIC},
    "web:public:kit": {"GET": PUBLIC, "POST": PUBLIC},
}
