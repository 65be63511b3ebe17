"""What became of a slip, in words, the same in the chat and at the desk."""

from __future__ import annotations

from content.wording import Wording
from referrals.slips import ELSEWHERE, Slip


def status_in_words(slip: Slip, w: Wording, sent_to: str | None = None) -> str:
    """One sentence. `sent_to` is the name of the service that the person was sent on to."""
    said = {
        "open": w("The place has not marked it yet. It is good until {day}.", day=w.date(slip.expires)),
        "attended": w("The place says: attended."),
        "waiting_list": w("The place says: on the waiting list."),
        "expired": w("It is no longer good: nobody marked it until {day}.", day=w.date(slip.expires)),
    }
    if slip.status == "sent_on":
        if slip.sent_to == ELSEWHERE or not sent_to:
            return w("The place says: sent on to another place, which is not in our list.")
        return w("The place says: sent on to {service}.", service=sent_to)
    if slip.status == "refused":
        return w("The place says: not attended, because {reason}.", reason=why_in_words(slip.why, w))
    return said[slip.status]


def why_in_words(why: str | None, w: Wording) -> str:
    """The reason of a refusal as the end of a sentence."""
    known = {
        "full": w("there is no room"),
        "not_for_this_person": w("the service is for other people"),
        "papers_missing": w("a paper is missing"),
        "not_done_here": w("this is not done there"),
        "come_another_day": w("it has to be on another day"),
    }
    return known.get(why or "", w("the reason was not said"))
