"""The demo's inbox in the browser: what arrived, and how it looks."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from demo import mails

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]
PAGE = 100
# A mail may bring its own looks, and nothing else: no script, no picture from outside, no form, no name of ours.
MAIL_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; sandbox allow-popups"
)


def demo_only(view: View[P]) -> View[P]:
    """Refuse a view outside the demo, and turn a mail that is not there into *not found*."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not settings.DEMO:
            raise Http404
        try:
            return view(request, *args, **kwargs)
        except FileNotFoundError:
            raise Http404 from None

    return never_cache(require_safe(guarded))


@demo_only
def show_inbox(request: HttpRequest) -> HttpResponse:
    """List the mails, newest first."""
    names = mails.mail_names(before=request.GET.get("before", ""), limit=PAGE)
    context = {"mails": [mails.read_headers(name) for name in names], "older": names[-1] if len(names) == PAGE else ""}
    return render(request, "demo/inbox.html", context)


@demo_only
def show_mail(request: HttpRequest, name: str) -> HttpResponse:
    """Show one mail: its headers, its text, and its HTML in a frame that can do nothing."""
    return render(request, "demo/mail.html", {"mail": mails.read_mail(name)})


@demo_only
@xframe_options_sameorigin
def show_html(request: HttpRequest, name: str) -> HttpResponse:
    """Show the HTML part alone, in a sandbox."""
    return HttpResponse(mails.read_mail(name).html(), headers={"Content-Security-Policy": MAIL_POLICY})


@demo_only
def show_source(request: HttpRequest, name: str) -> HttpResponse:
    """Hand out the mail as it arrived."""
    disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(mails.mail_source(name), content_type="message/rfc822", headers=disposition)
