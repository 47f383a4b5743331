"""A log-in service on a loopback port that nobody here wrote: authlib's authorization server, with OpenID Connect and
PKCE. Around it only what it leaves to its users: where it keeps codes, who is who, and HTTP."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from aiohttp.test_utils import TestServer
from aiohttp.web import Application, Request, Response, json_response
from authlib.oauth2.rfc6749 import AuthorizationServer, OAuth2Request  # type: ignore[import-untyped]
from authlib.oauth2.rfc6749.grants import AuthorizationCodeGrant  # type: ignore[import-untyped]
from authlib.oauth2.rfc6749.requests import BasicOAuth2Payload  # type: ignore[import-untyped]
from authlib.oauth2.rfc6750 import BearerTokenGenerator  # type: ignore[import-untyped]
from authlib.oauth2.rfc7636 import CodeChallenge  # type: ignore[import-untyped]
from authlib.oidc.core.grants import OpenIDCode  # type: ignore[import-untyped]
from joserfc import jwt
from joserfc.jwk import Key, RSAKey

from tests.web.world import Clock

CLIENT, SECRET = "vecino", "between-us"
PEOPLE: dict[str, dict[str, Any]] = {
    "rosa": {"sub": "0001", "preferred_username": "rosa", "name": "Rosa Díaz", "groups": ["dispatch"], "locale": "es-MX"},
    "boss": {"sub": "0002", "preferred_username": "boss", "name": "Boss", "groups": ["it", "dispatch"]},
    "guest": {"sub": "0003", "preferred_username": "guest", "name": "Guest", "groups": ["visitors"]},
}  # fmt: skip


@dataclass
class Client:
    """What is registered of the desk."""

    redirect_uri: str

    def get_client_id(self) -> str:
        return CLIENT

    def get_default_redirect_uri(self) -> str:
        return self.redirect_uri

    def get_allowed_scope(self, scope: str) -> str:
        return scope

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return redirect_uri == self.redirect_uri

    def check_client_secret(self, secret: str) -> bool:
        return secret == SECRET

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return method == "client_secret_basic"

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == "authorization_code"


@dataclass
class Code:
    """A code that was given out."""

    code: str
    redirect_uri: str
    scope: str
    login: str
    nonce: str
    code_challenge: str
    code_challenge_method: str

    def get_redirect_uri(self) -> str:
        return self.redirect_uri

    def get_scope(self) -> str:
        return self.scope

    def get_nonce(self) -> str:
        return self.nonce

    def get_auth_time(self) -> None:
        return None

    def get_acr(self) -> None:
        return None

    def get_amr(self) -> None:
        return None


@dataclass
class Issuer:
    """`login` is who sits at the browser; `claims` go into tokens over those of PEOPLE, `header` into their heads.
    `signer` signs instead of `key`, `forged` is sent instead of any token; `down` answers nothing but 503."""

    clock: Clock
    back: str
    key: Key = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "first", "use": "sig"}))
    login: str = "rosa"
    claims: dict[str, Any] = field(default_factory=dict)
    without: tuple[str, ...] = ()
    header: dict[str, Any] = field(default_factory=dict)
    signer: Key | bytes | None = None
    keys: tuple[Key, ...] = ()  # beside `key`
    forged: str | None = None
    user_info: dict[str, Any] = field(default_factory=dict)
    down: bool = False
    metadata: dict[str, Any] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    codes: dict[str, Code] = field(default_factory=dict)
    server: TestServer = field(init=False)

    @property
    def url(self) -> str:
        return str(self.server.make_url("")).rstrip("/")

    async def start(self) -> None:
        app = Application()
        app.router.add_get("/.well-known/openid-configuration", self._discovery)
        app.router.add_get("/keys", self._keys)
        app.router.add_get("/authorize", self._authorize)
        app.router.add_post("/token", self._token)
        app.router.add_get("/user-info", self._user_info)
        self.server = TestServer(app)
        await self.server.start_server()

    async def _discovery(self, request: Request) -> Response:
        known = {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/keys",
            "userinfo_endpoint": f"{self.url}/user-info",
            "end_session_endpoint": f"{self.url}/leave",
        }
        return self._answered(request, {**known, **self.metadata})

    async def _keys(self, request: Request) -> Response:
        return self._answered(request, {"keys": [one.as_dict(private=False) for one in (self.key, *self.keys)]})

    async def _user_info(self, request: Request) -> Response:
        return self._answered(request, self.user_info or {"sub": PEOPLE[self.login]["sub"]})

    async def _authorize(self, request: Request) -> Response:
        """Whoever sits there is logged in and says yes."""
        theirs = Server(self)
        asked = theirs.create_oauth2_request(Asked("GET", dict(request.headers), dict(request.query)))
        grant = theirs.get_authorization_grant(asked)
        answer = theirs.create_authorization_response(asked, self.login, grant)
        assert isinstance(answer, Response)
        return answer

    async def _token(self, request: Request) -> Response:
        self.asked.append(request.path)
        if self.down:
            return Response(status=503)
        fields = {name: str(value) for name, value in (await request.post()).items()}
        answer = Server(self).create_token_response(Asked("POST", dict(request.headers), fields))
        assert isinstance(answer, Response)
        return answer

    def _answered(self, request: Request, told: Mapping[str, Any]) -> Response:
        self.asked.append(request.path)
        return Response(status=503) if self.down else json_response(told)


@dataclass(frozen=True)
class Asked:
    """A request as authlib wants it."""

    method: str
    headers: Mapping[str, str]
    fields: Mapping[str, str]


class TheirRequest(OAuth2Request):  # type: ignore[misc]
    """With its fields, wherever they stood."""

    def __init__(self, asked: Asked) -> None:
        super().__init__(asked.method, "https://issuer.example/", headers=asked.headers)
        self.payload, self._fields = BasicOAuth2Payload(asked.fields), asked.fields

    @property
    def form(self) -> Mapping[str, str]:
        return self._fields

    @property
    def args(self) -> Mapping[str, str]:
        return self._fields


class Server(AuthorizationServer):  # type: ignore[misc]
    def __init__(self, issuer: Issuer) -> None:
        super().__init__()
        self.issuer = issuer
        self.register_token_generator("default", BearerTokenGenerator(lambda **_: "access-token"))
        self.register_grant(Grant, [IdToken(issuer), CodeChallenge(required=True)])

    def query_client(self, client_id: str) -> Client | None:
        return Client(self.issuer.back) if client_id == CLIENT else None

    def save_token(self, token: object, request: object) -> None:
        """Nothing is asked of it later."""

    def send_signal(self, *_: object, **__: object) -> None:
        """Nobody listens."""

    def create_oauth2_request(self, asked: Asked) -> TheirRequest:
        return asked if isinstance(asked, TheirRequest) else TheirRequest(asked)

    def handle_response(self, status: int, body: Any, headers: list[tuple[str, str]]) -> Response:
        text = json.dumps(body) if isinstance(body, dict) else body or ""
        kept = {name: value for name, value in headers if name.lower() != "content-type"}
        return Response(status=status, text=text, headers=kept, content_type="application/json")


class Grant(AuthorizationCodeGrant):  # type: ignore[misc]
    TOKEN_ENDPOINT_AUTH_METHODS = ("client_secret_basic",)

    def save_authorization_code(self, code: str, request: Any) -> None:
        said = request.payload.data
        self.server.issuer.codes[code] = Code(
            code, said["redirect_uri"], said["scope"], request.user, said["nonce"], said["code_challenge"],
            said["code_challenge_method"],
        )  # fmt: skip

    def query_authorization_code(self, code: str, client: object) -> Code | None:
        found = self.server.issuer.codes.get(code)
        return found if isinstance(found, Code) else None

    def delete_authorization_code(self, code: Code) -> None:
        del self.server.issuer.codes[code.code]

    def authenticate_user(self, code: Code) -> str:
        return code.login


class IdToken(OpenIDCode):  # type: ignore[misc]
    def __init__(self, issuer: Issuer) -> None:
        super().__init__(require_nonce=True)
        self.issuer = issuer

    def exists_nonce(self, nonce: str, request: object) -> bool:
        return any(one.nonce == nonce for one in self.issuer.codes.values())

    def resolve_client_private_key(self, client: object) -> Key:
        return self.issuer.key

    def get_client_claims(self, client: object) -> dict[str, Any]:
        now = int(self.issuer.clock.now().timestamp())
        return {"iss": self.issuer.url, "aud": [CLIENT], "iat": now, "exp": now + 300}

    def get_encode_header(self, client: object) -> dict[str, Any]:
        return {"alg": "RS256", "kid": self.issuer.key.kid}

    def generate_user_info(self, user: str, scope: str) -> dict[str, Any]:
        return PEOPLE[user]

    def encode_id_token(self, token: Mapping[str, Any], request: Any) -> str:
        """As authlib makes it, unless a test wants to see what becomes of another one."""
        issuer, honest = self.issuer, str(super().encode_id_token(token, request))
        if issuer.forged is not None:
            return issuer.forged
        if not (issuer.claims or issuer.header or issuer.signer or issuer.without):
            return honest
        read = jwt.decode(honest, issuer.key, algorithms=["RS256"])
        claims = {name: value for name, value in {**read.claims, **issuer.claims}.items() if name not in issuer.without}
        header = {**read.header, **issuer.header}
        return jwt.encode(header, claims, issuer.signer or issuer.key, algorithms=[header["alg"]])
