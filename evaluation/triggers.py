"""What the database itself refuses about standards and sheets, whoever writes: the SQL of the triggers in `models`.

Refusals carry ``restrict_violation`` for what may not change any more and ``check_violation`` for what is incomplete;
Django raises ``IntegrityError`` for both. Rows are looked up ``FOR SHARE``, so that a freeze or a hand-in that runs at
the same moment is waited for and then seen.
"""

from __future__ import annotations

import pgtrigger

FROZEN = "a frozen standard does not change"
HANDED_IN = "a score sheet that was handed in does not change"


def refuse(sentence: str, code: str = "restrict_violation") -> str:
    """Return the body of a trigger that refuses every row that reaches it."""
    return f"RAISE EXCEPTION '{sentence}' USING ERRCODE = '{code}';"


def no_truncate(name: str) -> pgtrigger.Trigger:
    """Return a trigger that refuses to empty the table, which row triggers would not notice."""
    return pgtrigger.Trigger(
        name=f"{name}_no_truncate",
        level=pgtrigger.Statement,
        when=pgtrigger.Before,
        operation=pgtrigger.Truncate,
        func=refuse(f"{name} is never emptied"),
    )


def unchanging(name: str, *fields: str) -> pgtrigger.Trigger:
    """Return a trigger that refuses to change the fields once the row is written."""
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        condition=pgtrigger.AnyChange(*fields),
        func=refuse(f"{', '.join(fields)} do not change"),
    )


def frozen_with_standard(name: str, func: str) -> pgtrigger.Trigger:
    """Return a trigger that lets a group or an item be written only while its standard is not frozen."""
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        declare=[("_frozen_at", "timestamptz")],
        func=func,
    )


# A group or an item that moves to another standard is judged by both: the one it leaves and the one it comes to.
GROUP_IS_FROZEN = """
    FOR _frozen_at IN
        SELECT frozen_at FROM evaluation_standard WHERE id IN (OLD.standard_id, NEW.standard_id) FOR SHARE
    LOOP
        IF _frozen_at IS NOT NULL THEN
            RAISE EXCEPTION 'a frozen standard does not change' USING ERRCODE = 'restrict_violation';
        END IF;
    END LOOP;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
"""

ITEM_IS_FROZEN = """
    FOR _frozen_at IN
        SELECT frozen_at FROM evaluation_standard WHERE id IN (
            SELECT standard_id FROM evaluation_standardgroup WHERE id IN (OLD.group_id, NEW.group_id)
        ) FOR SHARE
    LOOP
        IF _frozen_at IS NOT NULL THEN
            RAISE EXCEPTION 'a frozen standard does not change' USING ERRCODE = 'restrict_violation';
        END IF;
    END LOOP;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
"""

FREEZE_WHOLE = """
    IF (SELECT COALESCE(SUM(weight), 0) FROM evaluation_standardgroup WHERE standard_id = NEW.id) <> 100 THEN
        RAISE EXCEPTION 'the weights of a standard add up to 100' USING ERRCODE = 'check_violation';
    END IF;
    IF EXISTS (
        SELECT 1 FROM evaluation_standardgroup g
        WHERE g.standard_id = NEW.id AND NOT EXISTS (SELECT 1 FROM evaluation_standarditem i WHERE i.group_id = g.id)
    ) THEN
        RAISE EXCEPTION 'every group of a standard has items' USING ERRCODE = 'check_violation';
    END IF;
    IF EXISTS (
        SELECT 1 FROM evaluation_standarditem part
        JOIN evaluation_standarditem item ON item.id = part.refines_id
        JOIN evaluation_standardgroup g ON g.id = part.group_id
        WHERE g.standard_id = NEW.id AND (item.group_id <> part.group_id OR item.refines_id IS NOT NULL)
    ) THEN
        RAISE EXCEPTION 'a part belongs to an item of its own group' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.parent_id IS NOT NULL AND (
        NOT EXISTS (SELECT 1 FROM evaluation_standard WHERE id = NEW.parent_id AND frozen_at IS NOT NULL)
        OR (
            SELECT jsonb_agg(jsonb_build_array(number, title, weight) ORDER BY position)
            FROM evaluation_standardgroup WHERE standard_id = NEW.id
        ) IS DISTINCT FROM (
            SELECT jsonb_agg(jsonb_build_array(number, title, weight) ORDER BY position)
            FROM evaluation_standardgroup WHERE standard_id = NEW.parent_id
        )
    ) THEN
        RAISE EXCEPTION 'a refinement keeps the groups and weights of its frozen parent'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""

SHEET_OPENS = """
    IF NEW.state <> 'open' THEN
        RAISE EXCEPTION 'a score sheet is opened first and handed in then' USING ERRCODE = 'check_violation';
    END IF;
    IF NOT EXISTS (SELECT 1 FROM evaluation_standard WHERE id = NEW.standard_id AND frozen_at IS NOT NULL) THEN
        RAISE EXCEPTION 'a score sheet needs a frozen standard' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.supersedes_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM evaluation_scoresheet before
        WHERE before.id = NEW.supersedes_id AND before.state = 'handed_in' AND before.version = NEW.version - 1
            AND (before.subject_kind, before.subject_id, before.kind, before.scorer_id, before.standard_id)
              = (NEW.subject_kind, NEW.subject_id, NEW.kind, NEW.scorer_id, NEW.standard_id)
    ) THEN
        RAISE EXCEPTION 'a score sheet supersedes the version before it, once that was handed in'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""

SHEET_HANDS_IN = """
    IF EXISTS (
        SELECT 1 FROM evaluation_standarditem i JOIN evaluation_standardgroup g ON g.id = i.group_id
        WHERE g.standard_id = NEW.standard_id
            AND NOT EXISTS (SELECT 1 FROM evaluation_standarditem part WHERE part.refines_id = i.id)
            AND NOT EXISTS (SELECT 1 FROM evaluation_itemscore WHERE sheet_id = NEW.id AND item_id = i.id)
    ) THEN
        RAISE EXCEPTION 'every item of a score sheet is marked before it is handed in'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""

MARK_DECLARED = [("_state", "text"), ("_standard_id", "uuid"), ("_max_points", "numeric")]
MARK_FITS = """
    SELECT state, standard_id INTO _state, _standard_id
        FROM evaluation_scoresheet WHERE id = COALESCE(OLD.sheet_id, NEW.sheet_id) FOR SHARE;
    IF _state <> 'open' THEN
        RAISE EXCEPTION 'a score sheet that was handed in does not change' USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    SELECT i.max_points INTO _max_points
        FROM evaluation_standarditem i JOIN evaluation_standardgroup g ON g.id = i.group_id
        WHERE i.id = NEW.item_id AND g.standard_id = _standard_id
            AND NOT EXISTS (SELECT 1 FROM evaluation_standarditem part WHERE part.refines_id = i.id);
    IF _max_points IS NULL THEN
        RAISE EXCEPTION 'the item takes no points on this score sheet' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.points > _max_points THEN
        RAISE EXCEPTION 'more points than the item counts' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""
