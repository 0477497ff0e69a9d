"""From where images come, for whoever looks after it."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.views import View

from imaging import queries
from imaging.models import Peer
from imaging.queries import peers
from imaging.views.request import SignedInRequest


class SourceList(View):
    """Registered senders and archives with their last delivery. They are changed by commands."""

    def get(self, request: SignedInRequest) -> HttpResponse:
        if not request.user.has_perm(queries.MANAGE_SOURCES):
            raise PermissionDenied
        senders = list(peers.peers(viewer=request.user))
        return TemplateResponse(
            request,
            "imaging/source_list.html",
            {
                "network": [peer for peer in senders if peer.kind == Peer.Kind.DIMSE],
                "web": [peer for peer in senders if peer.kind == Peer.Kind.DICOMWEB],
                "archives": peers.remote_archives(viewer=request.user),
            },
        )
