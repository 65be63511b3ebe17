"""The forms of who is attended, of papers with what to do without them, and of cost, languages and needs."""

from __future__ import annotations

from typing import Any

from console.forms import Form, Outcome, Typed, texts, typed_texts
from content.wording import N_, Wording
from referrals.records import (
    LANGUAGES,
    PROFILES,
    STATUSES,
    CostRecord,
    DocumentRecord,
    EligibilityRecord,
    ServiceRecord,
)

PAPERS = 6


def people_form() -> Form:
    """Who is attended."""
    return Form("people", N_("Who is attended"), "form_people.html", _typed_people, _read_people)


def papers_form() -> Form:
    """Papers."""
    return Form("papers", N_("Papers asked for"), "form_papers.html", _typed_papers, _read_papers)


def about_form() -> Form:
    """Needs, cost, languages and note."""
    return Form("about", N_("Needs, cost, languages and note"), "form_about.html", _typed_about, _read_about)


def _typed_people(record: ServiceRecord) -> Typed:
    rules = record.eligibility or EligibilityRecord()
    return {
        "min_age": "" if rules.min_age is None else str(rules.min_age),
        "max_age": "" if rules.max_age is None else str(rules.max_age),
        "statuses[]": list(rules.statuses), "profiles[]": list(rules.profiles),
        "excluded_profiles[]": list(rules.excluded_profiles), **typed_texts("who", rules.text),
    }  # fmt: skip


def _read_people(given: Typed, record: ServiceRecord, w: Wording) -> Outcome:
    outcome, before = Outcome(), record.eligibility or EligibilityRecord()
    ages: dict[str, Any] = {name: _age(given, name, outcome, w) for name in ("min_age", "max_age")}
    low, high = ages["min_age"], ages["max_age"]
    if low is not None and high is not None and low > high:
        outcome.errors["max_age"] = w("The highest age is below the lowest: exchange them.")
    chosen: dict[str, Any] = {
        "statuses": _known(given, "statuses", STATUSES, before.statuses), "profiles": _known(given, "profiles", PROFILES, before.profiles),
        "excluded_profiles": _known(given, "excluded_profiles", PROFILES, before.excluded_profiles),
    }  # fmt: skip
    if both := set(chosen["profiles"]) & set(chosen["excluded_profiles"]):
        outcome.errors["excluded_profiles"] = w(
            "A group cannot be attended and left out: {group}.", group=min(both)
        )
    if not outcome.errors:
        rules = EligibilityRecord(text=texts(given, "who", before.text), **{**ages, **chosen})
        outcome.values["eligibility"] = None if rules == EligibilityRecord() else rules
    return outcome


def _known(given: Typed, name: str, known: tuple[str, ...], before: tuple[str, ...]) -> tuple[str, ...]:
    """The chosen codes: those that stood there in their order, then the new ones."""
    chosen = given.get(f"{name}[]", [])
    return tuple(code for code in dict.fromkeys((*before, *known)) if code in chosen)


def _age(given: Typed, name: str, outcome: Outcome, w: Wording) -> int | None:
    text = given.get(name, "")
    if not text:
        return None
    if not text.isdecimal() or int(text) > 120:
        outcome.errors[name] = w("{text} is not an age in years.", text=text)
        return None
    return int(text)


def _typed_papers(record: ServiceRecord) -> Typed:
    found: Typed = {}
    for number, paper in enumerate(record.documents[:PAPERS]):
        found |= typed_texts(f"paper{number}", paper.name) | typed_texts(f"without{number}", paper.without)
    return found


def _read_papers(given: Typed, record: ServiceRecord, w: Wording) -> Outcome:
    outcome, papers = Outcome(), []
    for number in range(PAPERS):
        before = record.documents[number] if number < len(record.documents) else None
        name = texts(given, f"paper{number}", before.name if before else None)
        without = texts(given, f"without{number}", before.without if before else None)
        if name:
            papers.append(DocumentRecord(name=name, without=without))
        elif without:
            outcome.errors[f"paper{number}_es"] = w("Name the paper that this advice is about.")
    outcome.values["documents"] = (*papers, *record.documents[PAPERS:])
    return outcome


def _typed_about(record: ServiceRecord) -> Typed:
    cost = record.cost or CostRecord()
    return {
        "needs[]": list(record.needs), "languages[]": list(record.languages),
        "free": {True: "yes", False: "no", None: "unknown"}[cost.free],
        **typed_texts("cost", cost.text), **typed_texts("note", record.note),
    }  # fmt: skip


def _read_about(given: Typed, record: ServiceRecord, w: Wording) -> Outcome:
    outcome = Outcome()
    needs = tuple(sorted(set(given.get("needs[]", []))))
    if not needs:
        outcome.errors["needs"] = w("Choose one need at least: without it nobody is sent here.")
    spoken = {code for code in given.get("languages[]", []) if code in LANGUAGES}
    other = {code for code in record.languages if code not in LANGUAGES}
    free = {"yes": True, "no": False}.get(given.get("free", ""))
    text = texts(given, "cost", record.cost.text if record.cost else None)
    outcome.values = {
        "needs": needs, "languages": tuple(sorted(spoken | other)),
        "cost": CostRecord(free=free, text=text) if free is not None or text else None,
        "note": texts(given, "note", record.note),
    }  # fmt: skip
    return outcome
