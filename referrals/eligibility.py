"""Who a service is for, decided only by what the person said; what was not said never leaves anybody out."""

from __future__ import annotations

from referrals.doors import Reason, Request
from referrals.records import EligibilityRecord

# What a profile says about age. A family asks for its members, so its ages are unknown.
_AGES = {"child": (0, 17), "older": (60, 120)}
_GROWN = 16
_OPPOSITES = {"alone": "family", "family": "alone", "child": "older", "older": "child"}
# Needs that say who asks as clearly as a profile does.
_IMPLIED = {
    "protection.lgbti": "lgbti",
    "protection.child": "child",
    "city.disability": "disability",
    "health.pregnancy": "pregnant",
    "protection.gender_violence": "woman",
}


def not_for(rules: EligibilityRecord, request: Request) -> Reason | None:
    """Why the service does not attend this person, or None when it may."""
    by_age = _by_age(rules, request)
    if by_age is not None:
        return by_age
    if rules.statuses and request.status is not None and request.status not in rules.statuses:
        return Reason("not_for", {"why": "status"})
    for profile in request.profile:
        if profile in rules.excluded_profiles:
            return Reason("not_for", {"why": "excluded", "profile": profile})
    return _by_profile(rules, request)


def _by_age(rules: EligibilityRecord, request: Request) -> Reason | None:
    youngest, oldest = _ages(request)
    if rules.min_age is not None and oldest < rules.min_age:
        return Reason("not_for", {"why": "min_age", "age": str(rules.min_age)})
    if rules.max_age is not None and youngest > rules.max_age:
        return Reason("not_for", {"why": "max_age", "age": str(rules.max_age)})
    return None


def _ages(request: Request) -> tuple[int, int]:
    if request.age is not None:
        return request.age, request.age
    if "family" in request.profile:
        return 0, 120
    said = [_AGES[profile] for profile in request.profile if profile in _AGES]
    return said[0] if len(said) == 1 else (0, 120)


def _by_profile(rules: EligibilityRecord, request: Request) -> Reason | None:
    """A service for one group leaves out only who said the opposite of every group it takes."""
    if not rules.profiles or set(rules.profiles) & set(request.profile):
        return None
    if all(_OPPOSITES.get(profile) in request.profile for profile in rules.profiles):
        return Reason("not_for", {"why": "profile", "profile": rules.profiles[0]})
    return None


def matched(rules: EligibilityRecord, request: Request) -> str | None:
    """The group the service is made for that this person belongs to, if there is one."""
    for profile in rules.profiles:
        if profile in request.profile or _IMPLIED.get(request.need) == profile:
            return profile
    return None


def fit(rules: EligibilityRecord | None, request: Request) -> int:
    """0: made for this person, 1: for everybody, 2: for a group the person did not speak of, or without children.

    Somebody with a family is not left out of a house for adults, because nobody said how old the children are; but
    every place that takes the family as it is comes first.
    """
    if rules is None:
        return 1
    if rules.profiles:
        return 0 if matched(rules, request) else 2
    without_children = rules.min_age is not None and rules.min_age >= _GROWN
    return 2 if without_children and "family" in request.profile and request.age is None else 1
