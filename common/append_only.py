"""Triggers for tables in which nothing is ever changed or removed."""

import pgtrigger

_REFUSE = "RAISE EXCEPTION 'append-only: % on % refused', TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';"


def append_only(name: str) -> list[pgtrigger.Trigger]:
    """Return the triggers that refuse UPDATE, DELETE (row by row) and TRUNCATE (pgtrigger's Protect leaves it out)."""
    return [
        pgtrigger.Trigger(
            name=f"{name}_no_change",
            when=pgtrigger.Before,
            operation=pgtrigger.Update | pgtrigger.Delete,
            func=_REFUSE,
        ),
        pgtrigger.Trigger(
            name=f"{name}_no_truncate",
            level=pgtrigger.Statement,
            when=pgtrigger.Before,
            operation=pgtrigger.Truncate,
            func=_REFUSE,
        ),
    ]


def kept_for(name: str, *, days: int) -> list[pgtrigger.Trigger]:
    """Return the triggers of a log that must be kept for some days: no UPDATE, no TRUNCATE, no DELETE before then."""
    too_young = f"""
        IF TG_OP = 'DELETE' AND OLD.at < now() - interval '{days} days' THEN RETURN OLD; END IF;
        {_REFUSE}
    """
    [no_change, no_truncate] = append_only(name)
    no_change.func = too_young
    return [no_change, no_truncate]
