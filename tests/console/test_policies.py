"""The matrix role by route by place, made from the route table: nothing is reached that no policy grants."""

from __future__ import annotations

import pytest
from starlette.routing import Route

from console.app import all_routes
from console.policy import NoPolicyError, Page, Reach, Stage, all_with_policy
from tests.console.rig import PLACES, Rig, record, submit

ROLES = ("caseworker", "coordinator", "admin")


def test_a_route_without_a_policy_is_never_built() -> None:
    """Deny by default: forgetting the policy breaks the build."""
    with pytest.raises(NoPolicyError):
        all_with_policy([Route("/forgotten", lambda request: None)])
    assert all(isinstance(route, Page) for route in all_routes() if getattr(route, "path", "") != "/static")


def test_only_signing_in_is_open_to_anybody() -> None:
    """Every other route asks who it is."""
    open_paths = {r.path for r in all_routes() if isinstance(r, Page) and r.policy.stage is Stage.ANYBODY}
    assert open_paths == {"/sign-in", "/invitation"}


def test_whoever_may_write_is_never_a_coordinator() -> None:
    """A coordinator reads; forms of the directory are for caseworkers and administrators."""
    for route in all_routes():
        writes = isinstance(route, Page) and "POST" in (route.methods or ())
        if writes and route.policy.reach in (Reach.SERVICE, Reach.CHANGE):
            assert not route.policy.allows("coordinator"), route.path


def path_of(route: Page, place: str, change: int) -> str:
    """The route's address for a place."""
    found = (
        route.path.replace("{service_id}", f"svc-{place}")
        .replace("{place}", place)
        .replace("{form}", "hours")
    )
    found = (
        found.replace("{change_id:int}", str(change)).replace("{job_id}", "none").replace("{form_id}", "csv")
    )
    return "/console" + found.replace("{account_id:int}", "9999").replace("{number:int}", "8")


@pytest.mark.parametrize("role", ROLES)
async def test_the_matrix_holds_for_every_route_and_place(rig: Rig, role: str) -> None:
    """Each role with Quito alone: its own place is reached, others' are not there, other roles' pages are refused."""
    changer, _ = await rig.person("changer@example.org", "admin")
    changes: dict[str, int] = {}
    for place in PLACES:
        answer = await submit(
            changer, f"/console/services/svc-{place}/still-correct", {}, page=f"/console/services/svc-{place}"
        )
        changes[place] = int(answer.headers["location"].rsplit("=", 1)[1])
    client, _ = await rig.person("ana@example.org", role, ["quito"] if role != "admin" else [])
    tried = 0
    for route in all_routes():
        if not isinstance(route, Page) or route.policy.stage is not Stage.FULL:
            continue
        reaches = route.policy.reach in (Reach.SERVICE, Reach.CHANGE, Reach.PLACE)
        for place in PLACES if reaches else ("quito",):
            if "POST" in (route.methods or ()):
                # Without a form token: who is let in by the policy is stopped at the token, with the same 403 …
                answer = await client.post(path_of(route, place, changes[place]), data={})
                foreign = reaches and role != "admin" and place != "quito" and route.policy.allows(role)
                assert answer.status_code == (404 if foreign else 403), (route.path, place)
            else:
                answer = await client.get(path_of(route, place, changes[place]))
                assert answer.status_code == expected(route, role, place, reaches), (
                    route.path,
                    place,
                    answer.text,
                )
            tried += 1
    assert tried > 50


def expected(route: Page, role: str, place: str, reaches: bool) -> int:
    """What the policy says."""
    if not route.policy.allows(role):
        return 403
    if reaches and role != "admin" and place != "quito":
        return 404
    if route.policy.reach is Reach.EVERYWHERE and role != "admin":
        return 403
    if route.path == "/coverage/{place}" and place == "ecuador":
        return 404  # answers are of places; a country has services alone
    return 404 if any(part in route.path for part in ("{job_id}", "{account_id")) else 200


@pytest.mark.parametrize("role", ["caseworker", "coordinator"])
async def test_lists_show_own_places_alone(rig: Rig, role: str) -> None:
    """The query filters by place, whatever the address asks for."""
    client, _ = await rig.person("ana@example.org", role, ["quito", "ecuador"])
    for address in ("/console/services", "/console/services?place=sao-paulo", "/console/services?q=casa"):
        text = (await client.get(address)).text
        assert "Casa svc-sao-paulo" not in text
        assert "Casa svc-san-luis" not in text
    assert "Casa svc-quito" in (await client.get("/console/services")).text
    assert "Casa svc-ecuador" in (await client.get("/console/services")).text


def test_the_rig_has_a_service_in_every_place() -> None:
    """So that the matrix leaves no place out."""
    assert record("x", "quito").place in PLACES
