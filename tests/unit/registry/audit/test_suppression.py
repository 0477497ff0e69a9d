from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.audit.errors import CountError
from registry.audit.suppression import Sum, feasible_range, masked_numbers


def table(cells):
    """A table with margins: numbers by key, and its sums."""
    rows, columns = len(cells), len(cells[0])
    numbers = {f"{i}.{j}": cells[i][j] for i in range(rows) for j in range(columns)}
    sums = []
    for i in range(rows):
        numbers[f"{i}.all"] = sum(cells[i])
        sums.append(Sum(f"{i}.all", tuple(f"{i}.{j}" for j in range(columns))))
    for j in range(columns):
        numbers[f"all.{j}"] = sum(row[j] for row in cells)
        sums.append(Sum(f"all.{j}", tuple(f"{i}.{j}" for i in range(rows))))
    numbers["all.all"] = sum(map(sum, cells))
    sums.append(Sum("all.all", tuple(f"{i}.all" for i in range(rows))))
    return numbers, sums


def recoverable(numbers, sums, masked):
    """Masked keys that linear algebra determines, by exact elimination over fractions."""
    unknown = sorted(masked)
    system = []
    for one in sums:
        row = [Fraction(0)] * len(unknown)
        for key, sign in ((one.total, -1), *((part, 1) for part in one.parts)):
            if key in masked:
                row[unknown.index(key)] += sign
        system.append(row)
    pivots = []
    for column in range(len(unknown)):
        place = next((r for r in range(len(pivots), len(system)) if system[r][column]), None)
        if place is None:
            continue
        top = len(pivots)
        system[top], system[place] = system[place], system[top]
        system[top] = [one / system[top][column] for one in system[top]]
        for other in range(len(system)):
            if other != top and system[other][column]:
                factor = system[other][column]
                system[other] = [
                    a - factor * b for a, b in zip(system[other], system[top], strict=True)
                ]
        pivots.append(column)
    return {
        unknown[column]
        for row, column in enumerate(pivots)
        if sum(one != 0 for one in system[row]) == 1
    }


cells = st.integers(1, 3).flatmap(
    lambda width: st.lists(
        st.lists(st.integers(0, 14), min_size=width, max_size=width), min_size=1, max_size=3
    )
)


@settings(max_examples=60, deadline=None)
@given(cells)
def test_no_small_number_can_be_worked_out_by_linear_algebra(cells):
    """The attack, independent of how the masking decides; and the bounds around each."""
    numbers, sums = table(cells)
    masking = masked_numbers(numbers, sums)
    assert masking.small == {key for key, n in numbers.items() if n < 5}
    assert not recoverable(numbers, sums, masking.masked) & masking.small
    for key in masking.small:
        low, high = feasible_range(key, numbers, sums, masking.masked)
        assert low <= numbers[key] <= high
        assert low < high
        assert high >= 5


def test_the_attack_succeeds_where_only_the_small_are_masked():
    numbers, sums = table([[3, 20], [15, 30]])
    assert recoverable(numbers, sums, {"0.0"}) == {"0.0"}
    assert masked_numbers(numbers, sums).complementary


def test_one_small_number_takes_its_smallest_neighbour_with_it():
    numbers = {"all": 60, "leak": 3, "occlusion": 17, "normal": 40}
    masking = masked_numbers(numbers, [Sum("all", ("leak", "occlusion", "normal"))])
    assert (masking.small, masking.complementary) == ({"leak"}, {"occlusion"})
    assert masking.shown(numbers) == {"all": 60, "leak": None, "occlusion": None, "normal": 40}


def test_two_zeros_do_not_protect_each_other():
    """Their sum is known to be 0, and no count is negative."""
    numbers = {"all": 30, "a": 0, "b": 0, "c": 30}
    masking = masked_numbers(numbers, [Sum("all", ("a", "b", "c"))])
    assert "c" in masking.masked


def test_the_same_number_in_another_place_is_masked_too():
    numbers = {"flow.leak": 3, "table.leak": 3, "rest": 50}
    masking = masked_numbers(numbers, [Sum("flow.leak", ("table.leak",))])
    assert masking.masked == {"flow.leak", "table.leak"}


def test_the_rest_of_a_nested_number_is_protected_though_it_is_not_printed():
    """27 of 30 were operated: 3 were not."""
    numbers = {"studied": 30, "operated": 27, "rest": 3}
    sums = [Sum("studied", ("operated", "rest"))]
    masking = masked_numbers(numbers, sums, hidden=frozenset({"rest"}))
    assert masking.masked == {"operated"}


def test_nothing_small_masks_nothing():
    numbers, sums = table([[10, 20], [15, 30]])
    assert masked_numbers(numbers, sums).masked == frozenset()
    assert masked_numbers({}, []).masked == frozenset()


@pytest.mark.parametrize(
    ("numbers", "sums", "reason"),
    [
        ({"a": -1}, [], "negative"),
        ({"a": 1}, [Sum("a", ("b",))], "not there"),
        ({"a": 1, "b": 2}, [Sum("a", ("b",))], "add up"),
    ],
)
def test_an_output_that_contradicts_itself_is_refused(numbers, sums, reason):
    with pytest.raises(CountError, match=reason):
        masked_numbers(numbers, sums)
