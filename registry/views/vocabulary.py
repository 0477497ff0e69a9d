"""Every closed list with definition and source, for the person who fills in a form."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from registry.vocabulary import ALL_LISTS, SOURCES, VOCABULARY_VERSION


@require_GET
def vocabulary(request: HttpRequest) -> HttpResponse:
    return render(
        request,
        "registry/vocabulary.html",
        {
            "lists": [
                {
                    "code": closed_list.list_code,
                    "label": gettext(closed_list.list_label),
                    "version": closed_list.version,
                    "members": list(closed_list),
                }
                for closed_list in ALL_LISTS
            ],
            "sources": sorted(SOURCES.items(), key=lambda item: (len(item[0]), item[0])),
            "version": VOCABULARY_VERSION,
        },
    )
