"""Equal values have equal bytes."""

import pytest

from registry.audit.canonical import canonical_bytes


def test_order_and_blanks_do_not_count():
    assert canonical_bytes({"b": [1, None], "a": "Jörg"}) == '{"a":"Jörg","b":[1,null]}'.encode()


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_a_number_that_json_cannot_hold_is_refused(number):
    with pytest.raises(ValueError, match="JSON"):
        canonical_bytes({"value": number})
