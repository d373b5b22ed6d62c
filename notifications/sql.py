"""Set-based statements: one per event written, one per batch relayed, whatever the number of people."""

from __future__ import annotations

# RFC 9562, version 7, for an instant given; PostgreSQL has uuidv7() from 18 on only.
_ID_AT = """encode(set_bit(set_bit(overlay(
    uuid_send(gen_random_uuid()) PLACING substring(int8send((extract(epoch FROM {at}) * 1000)::bigint) FROM 3) FROM 1
    FOR 6), 52, 1), 53, 1), 'hex')::uuid"""

# The office is looked up through the index on (organization, role), a person without an office through the one on user.
_FOUND = """
WITH told AS (
    SELECT * FROM jsonb_to_recordset(%s::jsonb) AS told (
        source uuid, at timestamptz, organization uuid, roles text[], person int, unless int, rank int,
        audience text, topic text, category text, mail boolean, params jsonb, city uuid,
        due timestamptz, step text, subject uuid
    )
), found AS (
    SELECT DISTINCT ON (told.source, member.user_id) told.*, member.id AS membership_id, member.user_id
    FROM told CROSS JOIN LATERAL (
        SELECT m.id, m.user_id, m.organization_id, m.valid_from, m.valid_until FROM accounts_membership m
        WHERE m.organization_id = told.organization AND m.role = ANY (told.roles)
            AND (told.person IS NULL OR m.user_id = told.person)
        UNION ALL
        SELECT m.id, m.user_id, m.organization_id, m.valid_from, m.valid_until FROM accounts_membership m
        WHERE told.organization IS NULL AND m.user_id = told.person AND m.role = ANY (told.roles)
    ) member
    JOIN accounts_user person ON person.id = member.user_id AND person.is_active
    JOIN accounts_organization office ON office.id = member.organization_id AND office.is_active
    WHERE member.valid_from <= told.at AND (member.valid_until IS NULL OR member.valid_until > told.at)
        AND (told.unless IS NULL OR NOT EXISTS (
            SELECT FROM accounts_membership other JOIN accounts_user who ON who.id = other.user_id AND who.is_active
            WHERE other.user_id = told.unless AND other.organization_id = told.organization
                AND other.role = ANY (told.roles) AND other.valid_from <= told.at
                AND (other.valid_until IS NULL OR other.valid_until > told.at)
        ))
    ORDER BY told.source, member.user_id, told.rank, member.id
)
"""

_NOTICE_COLUMNS = """id, event_id, reminder_id, recipient_id, membership_id, audience, topic, category,
    wants_mail, params, city_id, created_at"""

INSERT_NOTICES = f"""{_FOUND}
INSERT INTO notifications_notice ({_NOTICE_COLUMNS})
SELECT {_ID_AT.format(at="at")}, source, NULL, user_id, membership_id, audience, topic, category, mail, params, city, at
FROM found
ON CONFLICT (event_id, recipient_id) DO NOTHING
"""  # noqa: S608  # made of our own words only

# A reminder that exists already writes no second notice: the insertion decides, so two reminders at once do no harm.
# Whoever was told this very date within the last two days is spared the early rungs.
INSERT_REMINDERS = f"""{_FOUND}, fresh AS (
    INSERT INTO notifications_reminder (id, deadline_id, due_at, step, recipient_id, created_at)
    SELECT {_ID_AT.format(at="at")}, source, due, step, user_id, at FROM found
    WHERE step NOT IN ('t7', 't3') OR NOT EXISTS (
        SELECT FROM workflow_event event JOIN notifications_notice recent ON recent.event_id = event.id
        WHERE event.subject_id = found.subject AND event.at > found.at - interval '2 days'
            AND recent.recipient_id = found.user_id AND (recent.params ->> 'due')::timestamptz = found.due
    )
    ON CONFLICT (deadline_id, due_at, step, recipient_id) DO NOTHING
    RETURNING id, deadline_id, recipient_id
)
INSERT INTO notifications_notice ({_NOTICE_COLUMNS})
SELECT {_ID_AT.format(at="at")}, NULL, fresh.id, user_id, membership_id, audience, topic, category, mail, params,
    city, at
FROM fresh JOIN found ON found.source = fresh.deadline_id AND found.user_id = fresh.recipient_id
RETURNING id
"""  # noqa: S608  # made of our own words only

_DELIVERY_COLUMNS = """id, notice_id, event_id, city_id, channel, address, state, bundle, message_id, attempts,
    next_at, is_repeat, last_error"""

# What a person chose for the category decides between at once, once a day and not at all; legal effect has no choice.
_DELIVERIES = f"""
INSERT INTO notifications_delivery ({_DELIVERY_COLUMNS})
SELECT fresh.id, fresh.notice_id, NULL, fresh.city_id, 'email', fresh.email,
    CASE WHEN fresh.mode = 'digest' OR %(bundle)s::text <> '' THEN 'held' ELSE 'pending' END,
    CASE WHEN fresh.mode = 'digest' THEN 'digest' ELSE %(bundle)s::text END,
    '<' || fresh.id || '@' || %(domain)s::text || '>', 0,
    CASE WHEN fresh.mode = 'digest' THEN %(digest_at)s::timestamptz ELSE %(at)s::timestamptz END, false, ''
FROM (
    SELECT {_ID_AT.format(at="notice.created_at")} AS id, notice.id AS notice_id, notice.city_id,
        person.email, coalesce(preference.mode, 'on') AS mode
    FROM {{source}}
    JOIN accounts_user person ON person.id = notice.recipient_id AND person.is_active
    LEFT JOIN notifications_preference preference
        ON preference.user_id = notice.recipient_id AND preference.category = notice.category
        AND notice.category <> 'legal'
    WHERE notice.wants_mail
) fresh
WHERE fresh.mode <> 'off'
ON CONFLICT (notice_id, channel) DO NOTHING
"""  # noqa: S608  # made of our own words only

# The committee has no account and so no notice; its address stands in the invitation.
_INVITATIONS = f"""
INSERT INTO notifications_delivery ({_DELIVERY_COLUMNS})
SELECT fresh.id, NULL, fresh.event_id, fresh.city_id, 'email', fresh.contact_email, 'pending', '',
    '<' || fresh.id || '@' || %(domain)s::text || '>', 0, %(at)s::timestamptz, false, ''
FROM (
    SELECT {_ID_AT.format(at="event.at")} AS id, event.id AS event_id, campaign.city_id, invitation.contact_email
    FROM {{source}}
    JOIN nominations_committeeconfirmation invitation ON invitation.id::text = event.payload ->> 'confirmation'
    JOIN nominations_nomination nomination ON nomination.id = event.subject_id
    JOIN nominations_campaign campaign ON campaign.id = nomination.campaign_id
    WHERE event.flow = 'nomination' AND event.name = 'invite_committee'
) fresh
ON CONFLICT (event_id, channel) WHERE event_id IS NOT NULL DO NOTHING
"""  # noqa: S608  # made of our own words only

RELAY_BATCH = f"""
WITH taken AS (
    DELETE FROM workflow_outboxentry WHERE event_id IN (
        SELECT event_id FROM workflow_outboxentry WHERE parked_at IS NULL
        ORDER BY created_at LIMIT %(limit)s FOR UPDATE SKIP LOCKED
    ) RETURNING event_id
), queued AS (
    {_DELIVERIES.format(source="taken JOIN notifications_notice notice ON notice.event_id = taken.event_id")}
), invited AS (
    {_INVITATIONS.format(source="taken JOIN workflow_event event ON event.id = taken.event_id")}
)
SELECT count(*) FROM taken
"""  # noqa: S608  # made of our own words only

QUEUE_INVITATION = _INVITATIONS.format(source="(SELECT * FROM workflow_event WHERE id = %(event)s::uuid) event")

QUEUE_EVENT = _DELIVERIES.format(source="(SELECT * FROM notifications_notice WHERE event_id = %(event)s::uuid) notice")

QUEUE_REMINDERS = _DELIVERIES.format(
    source="(SELECT * FROM notifications_notice WHERE id = ANY (%(notices)s::uuid[])) notice"
)

# Fresh mails go before those that made trouble, so that a slow mailbox does not hold up the others.
CLAIM = """
UPDATE notifications_delivery SET
    state = 'claimed', claim = %(claim)s, claimed_at = %(at)s, begun_at = NULL, attempts = attempts + 1
WHERE id IN (
    SELECT id FROM notifications_delivery WHERE state IN ('pending', 'retry') AND next_at <= %(at)s
    ORDER BY attempts, next_at, id LIMIT %(limit)s FOR UPDATE SKIP LOCKED
)
RETURNING id
"""

# The claim fences off a courier that was given up for dead: what it says about its mails is no longer heard.
_SETTLE = """
UPDATE notifications_delivery SET
    state = %s, sent_at = %s, next_at = coalesce(%s, next_at), attempts = attempts - %s, smtp_code = %s,
    last_error = %s, claim = NULL
WHERE id = %s AND state = 'claimed' AND claim = %s
"""
SETTLE = _SETTLE

# One statement says what became of the last mail, and that the text of the next one is about to leave.
SETTLE_AND_BEGIN = f"""
WITH settled AS ({_SETTLE})
UPDATE notifications_delivery SET begun_at = %s WHERE id = %s AND state = 'claimed' AND claim = %s
RETURNING id
"""  # noqa: S608  # made of our own words only
BEGIN = """
UPDATE notifications_delivery SET begun_at = %s WHERE id = %s AND state = 'claimed' AND claim = %s RETURNING id
"""

# What rides along shares the fate of its carrier once that is known.
MARK_RIDERS = """
UPDATE notifications_delivery AS rider SET
    state = carrier.state, sent_at = carrier.sent_at, smtp_code = carrier.smtp_code, last_error = carrier.last_error
FROM notifications_delivery carrier
WHERE carrier.id = %s AND rider.carrier_id = carrier.id AND carrier.state NOT IN ('claimed', 'pending', 'retry')
"""

# The oldest held mail of a person carries the others of its kind.
BUNDLE = """
WITH due AS (
    SELECT delivery.id, first_value(delivery.id) OVER (
        PARTITION BY notice.recipient_id, delivery.bundle ORDER BY delivery.id
    ) AS carrier
    FROM notifications_delivery delivery JOIN notifications_notice notice ON notice.id = delivery.notice_id
    WHERE delivery.state = 'held' AND delivery.carrier_id IS NULL AND delivery.next_at <= %(at)s
)
UPDATE notifications_delivery AS delivery SET
    state = CASE WHEN due.id = due.carrier THEN 'pending' ELSE 'held' END,
    carrier_id = NULLIF(due.carrier, due.id)
FROM due WHERE delivery.id = due.id
"""

ALIVE = """
INSERT INTO workflow_heartbeat AS beat (name, at) VALUES (%(name)s, %(at)s)
ON CONFLICT (name) DO UPDATE SET at = excluded.at WHERE beat.at < %(before)s
"""
