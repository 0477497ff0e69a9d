"""The demonstration answers nobody but this machine, wherever the server was bound."""

from collections.abc import Callable
from ipaddress import IPv6Address, ip_address

from django.http import HttpRequest, HttpResponse, HttpResponseForbidden

SENTENCE = (
    "This is the demonstration, with keys everybody knows. It answers on the machine it runs on, "
    "nowhere else. To serve other machines, set keys of your own and unset CRESCENT_DEMO.\n"
)


class LoopbackOnlyMiddleware:
    """Refuse whoever comes over the network; a Host header is no proof, an address is."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # A Unix socket has no address; it is on this machine.
        address = request.META.get("REMOTE_ADDR", "")
        if address and not _is_loopback(address):
            return HttpResponseForbidden(SENTENCE, content_type="text/plain")
        return self.get_response(request)


def _is_loopback(text: str) -> bool:
    address = ip_address(text)
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return address.is_loopback
