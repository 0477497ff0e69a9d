"""Where a registered archive may be: its address, and the machines this name may mean.

A server that fetches what it is told can be turned against the network it stands in. So only
registered addresses are ever asked, a name is looked up once per connection, every address it has
must be allowed, and the connection goes to the address that was checked.
"""

import ipaddress
import re
import socket
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolver = Callable[[str, int], list[str]]
"""Host name and port to the texts of its addresses."""

LONGEST_URL = 500
WEB_PORTS = frozenset({80, 443})
FIRST_UNPRIVILEGED_PORT = 1024
PORTS_OF_OTHER_SERVICES = frozenset(
    {
        1433, 1521, 2049, 2375, 2376, 2379, 3306, 3389, 5432, 5672, 5900, 6379, 6443, 9200, 10250,
        11211, 27017,
    }
)  # fmt: skip
"""Databases, caches, remote desktops, container managers: they do not speak DICOMweb."""

PRIVATE_NETWORKS = tuple(
    ipaddress.ip_network(text)
    for text in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7")
)
"""RFC 1918 and RFC 4193."""

METADATA_ADDRESSES = frozenset(
    ipaddress.ip_address(text)
    for text in (
        "169.254.169.254",
        "168.63.129.16",
        "100.100.100.200",
        "192.0.0.192",
        "fd00:ec2::254",
    )
)
"""Where clouds give the secrets of a machine to whoever asks from it."""

_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_HOST_NAME = re.compile(rf"(?:{_LABEL}\.)*{_LABEL}")
_IN_BRACKETS = re.compile(r"\[[0-9A-Fa-f:.]+\](?::[0-9]*)?")
_NUMERIC_LABEL = re.compile(r"0x[0-9a-f]*|[0-9]+")
_PATH = re.compile(r"(?:/[A-Za-z0-9._~-]+)*/?")


class EndpointError(Exception):
    """The address may not be asked; the message says why and repeats no credential."""


@dataclass(frozen=True)
class Endpoint:
    """A checked address: nothing in it can be read in two ways."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def host_header(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        standard = {"http": 80, "https": 443}[self.scheme]
        return host if self.port == standard else f"{host}:{self.port}"

    def __str__(self) -> str:
        return f"{self.scheme}://{self.host_header}{self.path}"


def parse(url: str, *, private: bool) -> Endpoint:
    """Read the address of an archive.

    Parameters
    ----------
    private
        Whether the archive is said to stand in the hospital's own network: only there may it
        speak without TLS.

    Raises
    ------
    EndpointError
    """
    if len(url) > LONGEST_URL or not url.isascii() or not url.isprintable() or " " in url:
        raise EndpointError("The address has characters that no address has, or is too long.")
    if "\\" in url:
        raise EndpointError("The address has a backslash.")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise EndpointError("The address cannot be read.") from error
    if parts.scheme != "https" and not (parts.scheme == "http" and private):
        raise EndpointError(
            "The address must begin with https://; http:// is for archives in the own network only."
        )
    if parts.username is not None or parts.password is not None or "@" in parts.netloc:
        raise EndpointError("Name and password do not belong into the address.")
    if "?" in url or "#" in url:
        raise EndpointError("The address ends with its path; leave out what follows ? or #.")
    if _PATH.fullmatch(parts.path) is None or {".", ".."} & set(parts.path.split("/")):
        raise EndpointError("The path has letters, digits, - . _ ~ and no dots alone.")
    return Endpoint(
        scheme=parts.scheme,
        host=_host(parts),
        port=_port(port, parts),
        path=parts.path.rstrip("/"),
    )


def resolve(host: str, port: int) -> list[str]:
    """The addresses of a name, as the system knows them.

    Raises
    ------
    EndpointError
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise EndpointError("The name of the archive is not known to this network.") from error
    return list(dict.fromkeys(str(address[4][0]) for address in found))


def checked_addresses(
    endpoint: Endpoint, *, private: bool, loopback: bool, resolver: Resolver = resolve
) -> list[IPAddress]:
    """Where the archive may be connected to.

    Parameters
    ----------
    private
        Whether it was registered as standing in the own network.
    loopback
        Whether this machine itself may be meant, as in a demo.

    Raises
    ------
    EndpointError
        One of its addresses is not allowed: then none is.
    """
    addresses = []
    for text in resolver(endpoint.host, endpoint.port):
        try:
            address = ipaddress.ip_address(text)
        except ValueError as error:
            raise EndpointError("The name of the archive leads to no address.") from error
        for meant in _meanings(address):
            _require_allowed(meant, private=private, loopback=loopback)
        addresses.append(address)
    if not addresses:
        raise EndpointError("The name of the archive has no address.")
    return addresses


def _require_allowed(address: IPAddress, *, private: bool, loopback: bool) -> None:
    if address in METADATA_ADDRESSES:
        raise EndpointError("The archive's address is that of a cloud's secrets.")
    if address.is_loopback:
        if private and loopback:
            return
        raise EndpointError("The archive's address is that of this machine itself.")
    if any(address in network for network in PRIVATE_NETWORKS):
        if private:
            return
        raise EndpointError(
            "The archive's address is in a private network. Register it with --private-network "
            "if it really stands in your own."
        )
    # fec0::/10 was for networks of one's own until RFC 3879; Python calls it global all the same.
    site_local = isinstance(address, ipaddress.IPv6Address) and address.is_site_local
    if not address.is_global or address.is_multicast or address.is_reserved or site_local:
        raise EndpointError("The archive's address is one that no archive has.")


def _meanings(address: IPAddress) -> list[IPAddress]:
    """The address, and each other one that it is a cover for."""
    if isinstance(address, ipaddress.IPv4Address):
        return [address]
    inner: list[IPAddress | None] = [address.ipv4_mapped, address.sixtofour]
    if address.teredo is not None:
        inner += address.teredo
    if address in _NAT64 or int(address) >> 32 == 0:
        inner.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    covered = [one for one in inner if one is not None]
    # ::1 would otherwise count as a cover for 0.0.0.1, and a mapped address is nothing by itself.
    if address.is_loopback:
        return [address]
    return covered if address.ipv4_mapped is not None else [address, *covered]


def _host(parts: SplitResult) -> str:
    host = parts.hostname or ""
    if parts.netloc.startswith("["):
        if _IN_BRACKETS.fullmatch(parts.netloc) is None:
            raise EndpointError("The address in brackets is none, or something follows it.")
        try:
            return str(ipaddress.IPv6Address(host))
        except ValueError as error:
            raise EndpointError("The address in brackets is none.") from error
    if len(host) > 253 or _HOST_NAME.fullmatch(host) is None:
        raise EndpointError("The host is no name: labels of letters, digits and - between dots.")
    if _NUMERIC_LABEL.fullmatch(host.rpartition(".")[2]):
        # 2130706433, 0x7f.1, 0177.0.0.1 and 127.1 are all this machine to some resolver.
        try:
            return str(ipaddress.IPv4Address(host))
        except ValueError as error:
            raise EndpointError("A numeric address has four decimal numbers.") from error
    return host


def _port(port: int | None, parts: SplitResult) -> int:
    if port is None:
        if parts.netloc.endswith(":"):
            raise EndpointError("The port is missing after the colon.")
        return 443 if parts.scheme == "https" else 80
    ordinary = port in WEB_PORTS or port >= FIRST_UNPRIVILEGED_PORT
    if not ordinary or port in PORTS_OF_OTHER_SERVICES:
        raise EndpointError(f"Port {port} is not one that archives are asked at.")
    return port
