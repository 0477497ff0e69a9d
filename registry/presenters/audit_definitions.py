"""What the numbers of an audit mean, as data: the protocol, its estimates, the closed lists."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from registry.audit.protocol import Protocol
from registry.vocabulary import ALL_LISTS, SOURCES, VOCABULARY_VERSION, ClosedList

from .audit_words import Result


def definitions(result: Result, protocol: Protocol) -> dict[str, Any]:
    """Everything a reader of the numbers needs who has neither the program nor its documents."""
    version = result["protocol"]["version"]
    return {
        "protocol": {
            "key": protocol.key,
            "version": version,
            "title": protocol.title,
            "question": protocol.question,
            "plain_words": protocol.plain_words,
            "published_as": protocol.citation.text,
            "population": protocol.population,
            "unit": protocol.unit,
            "window": protocol.window,
        },
        "rules": [result["pairing"]["text"], *result["rules"]],
        "caveats": list(result["caveats"]),
        "flow": {box["key"]: box["label"] for box in result["flow"]},
        "estimates": {
            one["key"]: {name: one[name] for name in ("label", "unit", "window", "method")}
            for one in result["estimates"]
        },
        "tables": {
            table.key: {
                "title": table.label,
                "note": table.note,
                "columns": {column.key: column.label for column in table.columns},
            }
            for table in protocol.tables
            if protocol.prints(table.key, version=version)
        },
        "published": [asdict(figure) for figure in protocol.published],
        "vocabulary": {
            "version": VOCABULARY_VERSION,
            "lists": {closed.list_code: _list(closed) for closed in ALL_LISTS},
            "sources": dict(SOURCES),
        },
    }


def _list(closed: type[ClosedList]) -> Mapping[str, Any]:
    return {
        "label": closed.list_label,
        "version": closed.version,
        "codes": {
            member.term.code: {
                "label": member.term.label,
                "definition": member.term.definition,
                "status": member.status,
                "source": member.source,
            }
            for member in closed
        },
    }
