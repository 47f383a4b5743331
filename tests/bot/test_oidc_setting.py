"""`desk.oidc` of config.yml, and what is said of its mistakes."""

import pytest

from bot.oidc.service import Lot, Service
from bot.settings.desk import Admission, read_admission
from bot.settings.section import Problem, open_yaml

LEAST = "issuer: 'https://login.city.example/staff', client_id: vecino, roles: {claim: groups, values: {it: admin}}"
URL = "https://vecino.city.example"
SECRET = {"VECINO_OIDC_SECRET": "between-us"}


def read(said: str, url: str = URL, environment: dict[str, str] = SECRET) -> tuple[Admission, list[Problem]]:
    problems: list[Problem] = []
    return read_admission(open_yaml(said, problems), environment, url, ("roads", "parks")), problems


def test_little_need_be_said() -> None:
    admission, problems = read(f"desk: {{oidc: {{{LEAST}}}}}")
    assert problems == []
    assert admission.elsewhere == Service(
        issuer="https://login.city.example/staff",
        client_id="vecino",
        secret="between-us",
        roles=Lot(claim="groups", values=(("it", "admin"),)),
    )


def test_all_of_it_can_be_said_and_the_order_of_roles_is_kept() -> None:
    admission, problems = read(
        """
        desk:
          audit_days: 90
          oidc:
            issuer: http://127.0.0.1:8080
            client_id: v
            name: Staff account
            scopes: [openid, groups]
            roles: {claim: realm_access.roles, values: {vecino-admin: admin, vecino-boss: supervisor, vecino: clerk}}
            departments: {claim: unit, values: {Streets: roads}}
            acr: [gold]
            amr: [mfa, otp]
            adopt: true
            only: true
        """
    )
    assert problems == []
    assert admission.audit.days == 90
    service = admission.elsewhere
    assert service
    assert [ours for _, ours in service.roles.values] == ["admin", "supervisor", "clerk"]
    assert service.departments == Lot(claim="unit", values=(("Streets", "roads"),))
    assert (service.acr, service.amr, service.adopt, service.only) == (("gold",), ("mfa", "otp"), True, True)


@pytest.mark.parametrize(
    ("said", "key", "advice"),
    [
        (LEAST.replace("https:", "http:"), "issuer", "https"),
        (LEAST.replace("/staff", "/staff?x=1"), "issuer", "https"),
        (LEAST.replace("client_id: vecino", "client_id: ''"), "client_id", "knows us"),
        (LEAST.replace("it: admin", "it: boss"), "roles.values", "clerk, supervisor, admin, auditor"),
        (LEAST.replace("it: admin", ""), "roles.values", "clerk"),
        (LEAST.replace("claim: groups, ", ""), "roles.claim", "is missing"),
        (LEAST + ", departments: {claim: unit, values: {Streets: sewers}}", "departments.values", "roads, parks"),
        (LEAST + ", scopes: [profile]", "scopes", "openid"),
        (LEAST + ", scopes: ['openid profile']", "scopes", "openid"),
        (LEAST + ", amr: mfa", "amr", "list"),
        (LEAST + ", only: maybe", "only", "true or false"),
        (LEAST + ", secret: x", "secret", "is not known here"),
    ],
)
def test_what_is_wrong_is_named_with_what_to_do(said: str, key: str, advice: str) -> None:
    problems = read(f"desk: {{oidc: {{{said}}}}}")[1]
    assert [one.key for one in problems] == [f"desk.oidc.{key}"]
    assert advice in problems[0].advice


@pytest.mark.parametrize("url", ["", "http://vecino.city.example"])
def test_it_needs_an_address_to_come_back_to(url: str) -> None:
    problems = read(f"desk: {{oidc: {{{LEAST}}}}}", url)[1]
    assert ["public_url" in one.advice for one in problems] == [True]


def test_it_needs_a_secret_which_is_shown_nowhere() -> None:
    assert [one.key for one in read(f"desk: {{oidc: {{{LEAST}}}}}", environment={})[1]] == ["VECINO_OIDC_SECRET"]
    assert "between-us" not in repr(read(f"desk: {{oidc: {{{LEAST}}}}}")[0])


@pytest.mark.parametrize("days", ["29", "0", "-1", "true", "1.5", "many", "99999"])
def test_the_audit_is_kept_for_a_month_at_least(days: str) -> None:
    assert [one.key for one in read(f"desk: {{audit_days: {days}}}")[1]] == ["desk.audit_days"]
