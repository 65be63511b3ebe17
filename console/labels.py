"""What codes are called: fields, roles, statuses, groups, languages. Words come from the catalogue."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from content.wording import N_, Wording

FIELDS: Mapping[str, str] = {
    "id": N_("Code"), "name": N_("Name"), "organization": N_("Organization"), "place": N_("Place"),
    "needs": N_("Needs it attends to"), "status": N_("Listed"), "address": N_("Address"),
    "district": N_("Neighbourhood"), "latitude": N_("Latitude"), "longitude": N_("Longitude"),
    "hidden_address": N_("The address is secret"), "phones": N_("Telephones"), "email": N_("E-mail"),
    "url": N_("Web page"), "whatsapp": N_("WhatsApp"), "opening_hours": N_("Hours"),
    "schedule": N_("How people are attended"), "first_n": N_("How many people a day"),
    "hours": N_("Words beside the hours"), "cost": N_("Cost"), "eligibility": N_("Who is attended"),
    "documents": N_("Papers asked for"), "languages": N_("Languages spoken"), "note": N_("Note"),
    "closures": N_("Temporary closures"), "full_until": N_("Full until"), "source": N_("Source"),
    "source_date": N_("Date of the source"), "assured_date": N_("Last checked"), "confidence": N_("How sure"),
}  # fmt: skip
ROLES = {"caseworker": N_("Caseworker"), "coordinator": N_("Coordinator"), "admin": N_("Administrator")}
STATUSES = {
    "asylum_seeker": N_("People who asked for refuge"), "refugee": N_("Refugees"), "migrant": N_("Migrants"),
    "undocumented": N_("People without papers"), "stateless": N_("Stateless people"),
    "humanitarian_visa": N_("People with a humanitarian visa"), "citizen": N_("Citizens"),
}  # fmt: skip
PROFILES = {
    "woman": N_("Women"), "child": N_("Children and adolescents"), "lgbti": N_("LGBTI people"),
    "disability": N_("People with disabilities"), "older": N_("Older people"),
    "pregnant": N_("Pregnant people"), "family": N_("Families"), "alone": N_("People who are alone"),
}  # fmt: skip
SPOKEN = {
    "es": N_("Spanish"), "pt": N_("Portuguese"), "en": N_("English"), "fr": N_("French"),
    "ht": N_("Haitian Creole"),
}  # fmt: skip
ORGANIZATIONS = {
    "government": N_("Government"), "ngo": N_("Non-governmental organization"), "church": N_("Church"),
    "university": N_("University"), "community": N_("Community"), "un": N_("United Nations"),
    "other": N_("Other"),
}  # fmt: skip
SCHEDULES = {
    "regular": N_("People may come in these hours"),
    "by_appointment": N_("By appointment only: these are the hours of who gives appointments"),
    "first_n": N_("Only the first people of the day are attended"),
}
REPORTS = {
    "helped": N_("It helped"), "closed": N_("It was closed"), "full": N_("It was full"),
    "refused": N_("They were refused"), "asked_for_paper": N_("A paper was asked for"),
    "asked_for_money": N_("Money was asked for"), "could_not_get_there": N_("They could not get there"),
}  # fmt: skip
GAPS = {
    "none": N_("no service"), "all_waiting": N_("all full or closed"), "unchecked": N_("services to check"),
}  # fmt: skip
CORRECTIONS = {
    "phone": N_("The telephone is wrong"), "address": N_("The address is wrong"),
    "hours": N_("The hours are wrong"), "gone": N_("It is no longer there"),
    "papers": N_("They ask for other papers"),
}  # fmt: skip
WHYS = {
    "edit": N_("Changed"), "new": N_("Added"), "undo": N_("Undone"), "check": N_("Still correct"),
    "chat": N_("Changed from the chat"), "import": N_("Imported"), "closure": N_("Closed for some days"), "full": N_("Said to be full"),
}  # fmt: skip
# What the audit log holds; a group stands for all that begin with it.
ACTIONS = {
    "service": N_("Services changed"), "service.new": N_("Service added"), "service.edit": N_("Service changed"),
    "service.check": N_("Service found correct"), "service.undo": N_("Change undone"),
    "service.import": N_("Service imported"), "service.closure": N_("Service closed for some days"),
    "service.full": N_("Service said to be full"), "correction": N_("Correction decided"),
    "directory.import": N_("File imported"), "directory.export": N_("Directory exported"),
    "report.download": N_("Report downloaded"), "sign_in": N_("Signed in"),
    "sign_in.password": N_("Password given"), "sign_in.refused": N_("Sign-in refused"),
    "sign_in.chat": N_("Code given in the chat"),
    "second_factor.refused": N_("Code refused"), "password.refused": N_("Present password refused"),
    "sign_out": N_("Signed out"), "sessions.end": N_("Session ended"), "account": N_("Accounts changed"),
    "account.invite": N_("Account invited"), "account.change": N_("Role or places changed"),
    "account.disable": N_("Account disabled"), "account.enable": N_("Account let in again"),
    "account.password": N_("Password chosen"), "account.second_factor": N_("Second step added"),
    "account.recovery_codes": N_("Recovery codes made"), "account.recovery_code": N_("Recovery code used"),
    "account.language": N_("Language chosen"), "refused": N_("Everything refused"),
    "refused.role": N_("Refused: not this role"), "refused.place": N_("Refused: another place"),
    "refused.form": N_("Refused: form too old or not ours"), "refused.origin": N_("Refused: form from elsewhere"),
    "refused.too_fast": N_("Refused: too fast"), "refused.guesses": N_("Refused: too many guesses"),
    "refused.invitation": N_("Refused: invitation not good"), "key": N_("Secret key"),
    "key.new": N_("Secret key exchanged"), "key.renew": N_("Encrypted anew with the new secret key"),
    "key.forget": N_("Earlier secret keys forgotten"),
}  # fmt: skip
READINESS = {
    "every need is answered": N_("Every need is answered"),
    "answers rest on facts": N_("Answers rest on facts"),
    "urgent needs in every language": N_("Urgent needs in every language"),
    "a number for every danger": N_("A number for every danger"),
    "facts within their review date": N_("Facts within their review date"),
    "answers reviewed by a person of the city": N_("Answers reviewed by a person of the city"),
    "the city's programme is told": N_("The city's programme is told"),
}


def options(codes: Mapping[str, str], w: Wording) -> list[tuple[str, str]]:
    """Codes with their names, for a list to choose from."""
    return [(code, w(name)) for code, name in codes.items()]


def shown(value: Any, w: Wording) -> str:
    """A value of a record in words, for the history."""
    if value is None or value in ((), ""):
        return "—"
    if isinstance(value, bool):
        return w("yes") if value else w("no")
    if isinstance(value, tuple | list):
        return "; ".join(shown(one, w) for one in value)
    if hasattr(value, "model_dump"):
        value = value.model_dump(mode="json")
    if isinstance(value, Mapping):
        return ", ".join(
            f"{name}: {shown(one, w)}" for name, one in value.items() if one not in (None, "", [], ())
        )
    return str(value)
