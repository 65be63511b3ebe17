"""Says at the start which secrets lie where they are easily read, or last for ever. Stops nothing, and shows no secret."""

from __future__ import annotations

import os
from collections.abc import Iterator
from urllib.parse import urlsplit

from bot.database_address import has_lasting_password, is_this_machine
from bot.logs import get_log
from bot.settings import Settings, secret_variables

_log = get_log("secrets")
LASTS_FOR_EVER = (
    "a lasting password stands in the address of a database: sign in with a certificate (sslcert and sslkey), by the user"
    " of the process on a socket (peer), or with password_file, which is read anew at every connection"
)
IN_ENVIRONMENT = (
    "secrets stand in the environment, where unit files, images and other programs of this account show them: give them"
    " as credentials of systemd, or as files (the same name with _FILE)"
)
BESIDE_THE_DATA = (
    "the secret key lies in the data folder, beside what it encrypts: give it from outside, as a credential of systemd or"
    " as a file (ORIENTA_SECRET_KEY_FILE)"
)


def warn_of_plain_secrets(settings: Settings) -> None:
    """A line for each kind. Who tries it out on a laptop, without Telegram, reads of lasting passwords alone."""
    for part, url in (
        ("directory", settings.directory_database),
        ("demand", settings.demand_database),
    ):
        if has_lasting_password(url):
            _log.warning(LASTS_FOR_EVER, part=part)
    if not serves_people(settings):
        return
    if names := ", ".join(_plain()):
        _log.warning(IN_ENVIRONMENT, where=names)
    if settings.secret_key is None:
        _log.warning(BESIDE_THE_DATA)


def serves_people(settings: Settings) -> bool:
    """Whether a bot is served over a Telegram that is not one of this machine, as those of tests are."""
    host = urlsplit(settings.telegram_api_url).hostname or ""
    return settings.telegram_token is not None and not is_this_machine(host)


def _plain() -> Iterator[str]:
    """The variables of the environment that hold a secret; a database's address is one when a password stands in it."""
    for variable in secret_variables().values():
        value = os.environ.get(variable, "")
        if value and (not variable.endswith("DATABASE_URL") or has_lasting_password(value)):
            yield variable
