"""What we measure ourselves against, on the same server with the same client.

LEAN is the floor: one plain view, one prepared statement that finds token and role, guards, moves, audits and queues.
PEER is the usual stack: django-fsm-2 with django-fsm-log behind Django REST framework with token and group.
"""
