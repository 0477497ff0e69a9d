"""QIDO-RS: what is there (PS3.18 10.6)."""

import json
from abc import abstractmethod
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import csrf_exempt

from imaging.dicomweb import search_results
from imaging.dicomweb.media_types import DICOM_JSON
from imaging.dicomweb.readers import Reader
from imaging.dicomweb.refusal import bad_request
from imaging.dicomweb.search_parameters import Search, search
from imaging.dicomweb.search_results import Results
from imaging.queries import dicomweb_search
from imaging.queries.viewer import Viewer
from imaging.views.dicomweb_view import CHECKED_EACH_TIME, DicomwebView, address_of, require_json
from imaging.views.stow import StoreInstances

MORE = "There are additional results that can be requested."
"""PS3.18 8.3.4.4."""

IN_THE_ADDRESS = {
    "study_instance_uid": "StudyInstanceUID",
    "series_instance_uid": "SeriesInstanceUID",
}


class SearchView(DicomwebView):
    """A search at one level, within what the address names."""

    level: str

    def answer(self, request: HttpRequest, reader: Reader, **uids: Any) -> HttpResponseBase:
        require_json(request)
        asked = search(_within(request.GET, uids), level=self.level)
        results: Results = []
        warnings = list(asked.warnings)
        if not asked.nothing and asked.limit:
            # One more than asked for tells whether there are more.
            results = self.results(asked, reader.viewer, address=address_of(request))
            if len(results) > asked.limit:
                results = results[: asked.limit]
                warnings.append(MORE)
        status = HTTPStatus.OK if results else HTTPStatus.NO_CONTENT
        content = json.dumps(results) if results else ""
        response = HttpResponse(content, content_type=DICOM_JSON, status=status)
        response["Cache-Control"] = CHECKED_EACH_TIME
        if warnings:
            response["Warning"] = ", ".join(f'299 Crescent "{text}"' for text in warnings)
        return response

    @abstractmethod
    def results(self, asked: Search, viewer: Viewer, *, address: str) -> Results:
        """One result more than the limit, where there are so many."""


class StudySearch(SearchView):
    level = "studies"

    def results(self, asked: Search, viewer: Viewer, *, address: str) -> Results:
        rows = list(
            dicomweb_search.studies(viewer=viewer, matches=asked.matches)[
                asked.offset : asked.offset + asked.limit + 1
            ]
        )
        modalities = dicomweb_search.modalities(viewer=viewer, studies=[row.pk for row in rows])
        return [
            search_results.study(row, modalities=modalities[row.pk], address=address)
            for row in rows
        ]


class SeriesSearch(SearchView):
    level = "series"

    def results(self, asked: Search, viewer: Viewer, *, address: str) -> Results:
        rows = dicomweb_search.series(viewer=viewer, matches=asked.matches)
        page = rows[asked.offset : asked.offset + asked.limit + 1]
        return [search_results.series(row, address=address) for row in page]


class InstanceSearch(SearchView):
    level = "instances"

    def results(self, asked: Search, viewer: Viewer, *, address: str) -> Results:
        rows = dicomweb_search.instances(viewer=viewer, matches=asked.matches)
        page = rows[asked.offset : asked.offset + asked.limit + 1]
        return [
            search_results.instance(row, address=address, include=asked.include) for row in page
        ]


@method_decorator(csrf_exempt, name="dispatch")
class Studies(StudySearch, StoreInstances):
    """Search for studies, or store instances of any: one address of the standard."""


def _within(query: QueryDict, uids: dict[str, str]) -> QueryDict:
    """The parameters, with what the address says."""
    query = query.copy()
    for name, uid in uids.items():
        keyword = IN_THE_ADDRESS[name]
        if keyword in query:
            raise bad_request(f"{keyword} is in the address already.")
        query[keyword] = uid
    return query
