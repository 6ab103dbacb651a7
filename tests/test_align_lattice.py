"""Chances of beads: what forward and backward sums say is what counting every path says."""

from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from toolkit.align.costs import SHAPES
from toolkit.align.lattice import ALONE_X, ALONE_Y, NEVER, Band, best_steps, chances

OPENING = -0.7


def random_scores(seed: int, rows: int, columns: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    scores = np.full((len(SHAPES) + 2, rows + 1, columns + 1), NEVER)
    steps = [*SHAPES, (1, 0), (0, 1)]
    for k, (a, b) in enumerate(steps):
        if a <= rows and b <= columns:
            scores[k, a:, b:] = rng.normal(size=(rows + 1 - a, columns + 1 - b))
    return scores


def every_path(scores, rows, columns):
    """Yield (steps with their ends, score) of every path, one by one."""
    steps = [*SHAPES, (1, 0), (0, 1)]

    @cache
    def paths(i, j, alone):
        found = [((), 0.0)] if (i, j) == (rows, columns) else []
        for k, (a, b) in enumerate(steps):
            p, q = i + a, j + b
            if p <= rows and q <= columns:
                single = k in (ALONE_X, ALONE_Y)
                score = scores[k, p, q] + (OPENING if single and not alone else 0.0)
                found += [
                    (((k, p, q), *rest), score + more) for rest, more in paths(p, q, single)
                ]
        return found

    return paths(0, 0, False)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 4), st.integers(1, 4))
def test_chances_are_the_shares_of_all_paths(seed, rows, columns):
    scores = random_scores(seed, rows, columns)
    found = chances(scores, Band.whole(rows, columns), OPENING, columns)
    paths = every_path(scores, rows, columns)
    total = np.logaddexp.reduce([score for _, score in paths])
    assert found.total == pytest.approx(total, abs=1e-4)
    expected = np.zeros_like(scores)
    for path, score in paths:
        for k, i, j in path:
            expected[k, i, j] += np.exp(score - total)
    np.testing.assert_allclose(found.steps, expected, atol=1e-4)
    np.testing.assert_allclose(found.alone_x, expected[ALONE_X, 1:].sum(axis=1), atol=1e-4)
    np.testing.assert_allclose(found.alone_y, expected[ALONE_Y].sum(axis=0)[1:], atol=1e-4)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 30), st.integers(1, 30))
def test_each_segment_has_one_place_in_all_paths(seed, rows, columns):
    scores = random_scores(seed, rows, columns) * 3
    found = chances(scores, Band.whole(rows, columns), OPENING, columns)
    held_x, held_y = found.alone_x.copy(), found.alone_y.copy()
    for k, (a, b) in enumerate(SHAPES):
        for i in range(a, rows + 1):
            held_x[i - a : i] += found.steps[k, i].sum()
        for j in range(b, columns + 1):
            held_y[j - b : j] += found.steps[k, :, j].sum()
    np.testing.assert_allclose(held_x, 1, atol=1e-3)
    np.testing.assert_allclose(held_y, 1, atol=1e-3)
    steps = best_steps(found)
    assert (sum(a for a, _ in steps), sum(b for _, b in steps)) == (rows, columns)


def joined(steps):
    """Return where the beads of both versions end; what is alone beside them has no order."""
    i = j = 0
    found = []
    for a, b in steps:
        i, j = i + a, j + b
        if a and b:
            found.append((i, j, a, b))
    return found


@pytest.mark.parametrize("seed", range(5))
def test_a_band_that_holds_the_likely_paths_changes_nothing(seed):
    rows, columns, reach = 60, 60, 14
    scores = random_scores(seed, rows, columns)
    i, j = np.arange(rows + 1)[:, None], np.arange(columns + 1)[None]
    scores[:, np.abs(i - j) > 6] = -40.0
    whole = chances(scores, Band.whole(rows, columns), OPENING, columns)
    band = Band.around([(1, 1)] * rows, rows, columns, reach)
    assert band.width < columns
    inside = np.full((len(scores), rows + 1, band.width), NEVER)
    for row in range(rows + 1):
        left = band.left[row]
        inside[:, row] = scores[:, row, left : left + band.width]
    near = chances(inside, band, OPENING, columns)
    assert near.total == pytest.approx(whole.total, abs=1e-3)
    assert joined(best_steps(near)) == joined(best_steps(whole))


def test_a_step_outside_the_band_has_no_chance():
    band = Band.around([(1, 1)] * 50, 50, 50, 3)
    scores = np.zeros((len(SHAPES) + 2, 51, band.width))
    found = chances(scores, band, 0.0, 50)
    assert found.of((1, 1), 10, 40) == 0
    assert 0 < found.of((1, 1), 10, 10) < 1
