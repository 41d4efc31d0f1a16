"""Every way in: tokens of machines; of people, by single sign-on or signed by this server."""

from collections.abc import Mapping
from typing import Any

from enquiry_api.identity import Caller, LocalTokens
from enquiry_api.keysets import KeySets, fetching
from enquiry_api.machines import PREFIX, Machines
from enquiry_api.oidc import Provider, SingleSignOn
from enquiry_api.problems import Refused

ISSUER, AUDIENCE, KEYS = "ENQUIRY_OIDC_ISSUER", "ENQUIRY_OIDC_AUDIENCE", "ENQUIRY_OIDC_JWKS"
ALGORITHMS, TYPES = "ENQUIRY_OIDC_ALGORITHMS", "ENQUIRY_OIDC_TOKEN_TYPES"
PERSON = "ENQUIRY_OIDC_PERSON_CLAIM"


class Doors:
    """Tokens of every kind, each judged by who made it."""

    def __init__(
        self, local: LocalTokens, people: SingleSignOn | None, machines: Machines | None = None
    ) -> None:
        """Take tokens of all; with ``people``, ``local`` signs for nobody but the operator."""
        self._local = local
        self._people = people
        self._machines = machines

    @property
    def local(self) -> LocalTokens | None:
        """The signer of tokens for people, where it is this server."""
        return self._local if self._people is None else None

    async def identify(self, token: str) -> Caller:
        """Who holds this token; how it begins says that it is a machine's."""
        if self._machines is not None and token.startswith(PREFIX):
            return await self._machines.identify(token)
        if self._people is None:
            return await self._local.identify(token)
        try:
            caller = await self._local.identify(token)
        except Refused:
            return await self._people.identify(token)
        if caller.asker.person != self._local.operator:
            raise Refused("UNAUTHENTICATED")
        return caller


def single_sign_on(settings: Mapping[str, str]) -> SingleSignOn | None:
    """Single sign-on as the environment configures it; ``None``: it does not.

    Args:
        settings: ``ENQUIRY_OIDC_ISSUER``, ``_AUDIENCE`` and ``_JWKS`` (the address of the keys) are
            needed together; ``_ALGORITHMS``, ``_TOKEN_TYPES`` (comma-separated) and
            ``_PERSON_CLAIM`` may be left out.

    Raises:
        ValueError: one of the three is missing, or a setting would let in what proves nothing.
    """
    needed = {name: settings.get(name, "") for name in (ISSUER, AUDIENCE, KEYS)}
    if not any(needed.values()):
        return None
    missing = [name for name, value in needed.items() if not value]
    if missing:
        raise ValueError(f"single sign-on needs {', '.join(missing)} as well")
    more: dict[str, Any] = {}
    for name, field in ((ALGORITHMS, "algorithms"), (TYPES, "types")):
        if listed := tuple(one.strip() for one in settings.get(name, "").split(",") if one.strip()):
            more[field] = listed
    provider = Provider(
        issuer=needed[ISSUER],
        audience=needed[AUDIENCE],
        person_claim=settings.get(PERSON) or None,
        **more,
    )
    return SingleSignOn(provider, KeySets(fetching(needed[KEYS])))
