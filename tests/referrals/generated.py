"""Generated directories: services of every kind the tables can hold, with the mess of real ones."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import strategies as st

from referrals.records import PROFILES, STATUSES, ServiceRecord

NEEDS = (
    "shelter.temporary",
    "shelter.housing",
    "legal.advice",
    "health.care",
    "protection.lgbti",
    "city.orientation",
)
PLACES = ("quito", "pichincha", "ecuador", "sao-paulo", "brazil", "san-luis", "argentina")
HOURS = (
    None,
    "24/7",
    "Mo-Fr 08:00-17:00",
    "Mo-Fr 09:00-12:00,14:00-18:00",
    "Sa,Su 09:00-13:00",
    "Mo-Su 18:00-02:00",
    "Mo-Fr 08:00-16:00; PH off",
)
DAY = date(2026, 11, 2)
text = (
    st.text(
        st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Zl", "Zp")), min_size=1, max_size=30
    )
    .map(str.strip)
    .filter(bool)
)
texts = st.dictionaries(st.sampled_from(("es", "pt", "en", "fr", "ht")), text, min_size=1, max_size=3)
days = st.integers(-30, 30).map(lambda n: DAY + timedelta(days=n))


@st.composite
def ages(draw):
    low = draw(st.none() | st.integers(0, 70))
    high = draw(st.none() | st.integers(low or 0, 120))
    return {"min_age": low, "max_age": high}


@st.composite
def eligibilities(draw):
    some = lambda values: draw(st.lists(st.sampled_from(values), max_size=2, unique=True))  # noqa: E731
    return {
        "text": draw(st.none() | texts), "statuses": some(STATUSES), "profiles": some(PROFILES),
        "excluded_profiles": some(PROFILES), **draw(ages()),
    }  # fmt: skip


@st.composite
def closures(draw):
    starts = draw(days)
    ends = draw(st.none() | st.integers(0, 20).map(lambda n: starts + timedelta(days=n)))
    return {"starts": starts, "ends": ends, "reason": draw(st.none() | text)}


@st.composite
def services(draw):
    n = draw(st.integers(0, 10_000))
    organization = draw(st.integers(0, 20))
    kind = draw(st.sampled_from(("regular", "by_appointment", "first_n")))
    position = draw(st.none() | st.tuples(st.floats(-60, 10), st.floats(-80, -30)))
    values = {
        "id": f"s-{n}",
        "name": draw(text),
        "organization": {"name": f"Organización {organization}", "kind": "ngo"},
        "place": draw(st.sampled_from(PLACES)),
        "needs": draw(st.lists(st.sampled_from(NEEDS), min_size=1, max_size=3, unique=True)),
        "status": draw(st.sampled_from(("active", "active", "active", "inactive"))),
        "address": draw(st.none() | text),
        "district": draw(st.none() | text),
        "latitude": position[0] if position else None,
        "longitude": position[1] if position else None,
        "hidden_address": draw(st.booleans()),
        "phones": draw(
            st.lists(
                st.sampled_from(("171", "1800 288 523", "+593 2 299 3200 ext. 23035", "+55 11 2361-5069")),
                max_size=3,
                unique=True,
            )
        ),
        "email": draw(st.none() | st.just("a@example.org")),
        "url": draw(st.none() | st.just("https://example.org/a?b=1,2")),
        "whatsapp": draw(st.none() | st.just("+593 99 999 9999")),
        "opening_hours": draw(st.sampled_from(HOURS)),
        "schedule": kind,
        "first_n": draw(st.none() | st.integers(1, 40)) if kind == "first_n" else None,
        "hours": draw(st.none() | texts),
        "cost": draw(
            st.none() | st.fixed_dictionaries({"free": st.none() | st.booleans(), "text": st.none() | texts})
        ),
        "eligibility": draw(st.none() | eligibilities()),
        "documents": draw(
            st.lists(st.fixed_dictionaries({"name": texts, "without": st.none() | texts}), max_size=2)
        ),
        "languages": draw(
            st.lists(st.sampled_from(("es", "pt", "en", "fr", "ht", "ar")), max_size=3, unique=True)
        ),
        "note": draw(st.none() | texts),
        "closures": draw(st.lists(closures(), max_size=2)),
        "full_until": draw(st.none() | days),
        "source": {"title": draw(text), "url": draw(st.none() | st.just("https://example.org/source"))},
        "source_date": draw(text),
        "assured_date": draw(st.none() | st.sampled_from(("2015", "2024-06", "2026-03-04", "2026-10"))),
        "confidence": draw(st.sampled_from(("high", "medium", "low"))),
    }
    return ServiceRecord.model_validate({key: value for key, value in values.items() if value is not None})


directories = st.lists(services(), max_size=25, unique_by=lambda record: record.id)
