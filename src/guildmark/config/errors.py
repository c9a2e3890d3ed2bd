"""What keeps the platform from starting. Each message names what is in the way and the mend."""

from __future__ import annotations


class StartupError(Exception):
    """Base of everything that whoever starts the platform can mend."""


class EnvironmentInvalidError(StartupError):
    """A GUILDMARK_* variable does not have the form it needs."""


class AddressError(StartupError):
    """The address cannot be listened on: taken, not allowed, or not of this machine."""


class DataFolderError(StartupError):
    """The data folder cannot be used."""


class ProcessEndedError(StartupError):
    """The web server or the worker does not come up."""


class DatabaseError(StartupError):
    """The database cannot be had."""


class DatabaseFolderError(DatabaseError):
    """The folder of the embedded database cannot be used."""


class DatabaseVersionError(DatabaseError):
    """The server, or the data in the folder, is of another version than is needed."""


class DatabaseStartError(DatabaseError):
    """The embedded server did not start; the message ends with what its log says."""


class DatabaseTablesError(DatabaseError):
    """The server at GUILDMARK_DATABASE_URL has no tables yet, or those of an older release."""


class DatabaseRefusedError(DatabaseError):
    """The server at GUILDMARK_DATABASE_URL does not answer or does not let us in."""
