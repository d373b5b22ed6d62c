"""What the script of the evaluator's pages says; ``{…}`` is filled in by the script."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from common.refusals import Sentence

WORDS: Mapping[str, Sentence] = {
    "offline": _("Offline. What you score is kept on this device."),
    "offline_unsent": _("Offline. Kept on this device, not sent yet: items {items}, photos {photos}."),
    "unsent": _("Kept on this device, not sent yet: items {items}, photos {photos}."),
    "unfinished": _("Kept on this device, points not chosen yet: items {items}."),
    "sending": _("Sending: items {items}, photos {photos}."),
    "sent": _("Everything is sent."),
    "send_now": _("Send now"),
    "signed_out": _("Your sign-in has ended. Sign in again; what is on this device is kept and sent then."),
    "sign_in": _("Sign in"),
    "somebody_else": _("Somebody else has signed in on this device. Nothing of yours is sent until you sign in again."),
    "not_evaluator": _("You act in another role now. Switch to the evaluator's; what is on this device is kept."),
    "undecided": _("Changed on another device as well, for you to decide: items {items}."),
    "stuck": _("Could not be taken as it is: items {items}. The reason stands at the item."),
    "show": _("Show the item"),
    "mine": _("On this device"),
    "theirs": _("Stored, from another of your devices"),
    "keep_mine": _("Keep mine"),
    "take_theirs": _("Take the stored one"),
    "points": _("{points} points"),
    "not_applicable": _("Not applicable"),
    "with_photo": _("with a photo"),
    "without_photo": _("without a photo"),
    "no_mark": _("No points"),
    "closed": _("The sheet takes no more changes. What you wrote is kept on this device until you discard it."),
    "gone": _("This sheet is no longer yours to score. What you wrote is kept on this device until you discard it."),
    "discard": _("Discard what is on this device"),
    "photo_kept": _("Photo kept on this device, not sent yet"),
    "photo_sent": _("Photo sent"),
    "photo_too_large": _("The photo is larger than the server takes. Take another one."),
    "photo_on_its_way": _("The photo on its way"),
    "no_room": _(
        "This device has no room left: the item is not kept on it. With signal, go on: it is sent at once. "
        "Without, make room first and stay on this page."
    ),
    "keeps_nothing": _("This browser keeps nothing on the device: an item is saved when you go on, with signal."),
    "remove_photo": _("Remove the photo"),
    "next": _("Save, next item"),
    "last": _("Save, to the overview"),
    "not_yet": _("Not on the server yet: items {items}. The sheet can be handed in once they are sent."),
    "on_device": _("On this device"),
    "choose": _("Choose the points, or say that the item does not apply."),
    "say_why": _("Say in the remark why the item does not apply."),
    "copied": _("Copied"),
    "leave_unsent": _("Not sent yet: items {items}. Sign out all the same? They stay on this device for you."),
    "sign_out": _("Sign out all the same"),
}
