"""What the pages need to work without signal: the service worker, and who is signed in on this device."""

from __future__ import annotations

import json
from datetime import datetime

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string

from accounts.actors import Actor
from web.acting import for_everybody, for_members
from web.evaluator import offline


@for_everybody
def worker(request: HttpRequest, *, actor: Actor | None, at: datetime) -> HttpResponse:
    """Hand out the service worker; it says nothing about anybody, and its address limits it to this desk."""
    program = render_to_string("evaluator/worker.js")
    told = f"const SHELL = {json.dumps(offline.shell())};\n"
    return HttpResponse(told + program, content_type="text/javascript; charset=utf-8")


@for_members
def device(request: HttpRequest, *, actor: Actor, at: datetime) -> HttpResponse:
    """Say who is signed in, with the mark against forgery that belongs to this session."""
    return JsonResponse({"reader": str(actor.person_id), "csrf": get_token(request)})
