"""Log-in at a city's own service by OpenID Connect Core 1.0: the authorization code flow with PKCE (RFC 7636).

authlib and joserfc do what the protocol says; aiohttp fetches. They are loaded by `bot.oidc.provider` alone, which
nobody imports where no such service is set.
"""
