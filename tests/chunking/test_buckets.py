"""Rows that share a value find each other, and nobody else."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from labkit.chunking.buckets import Buckets

BANDS = st.integers(0, 20).flatmap(
    lambda rows: st.lists(st.lists(st.integers(0, 4), min_size=rows, max_size=rows), max_size=3)
)


@given(BANDS)
def test_each_row_meets_the_rows_before_it_that_share_a_value(bands):
    found = {
        row: [rows.tolist() for rows in earlier]
        for row, earlier in Buckets.of(np.array(band, np.uint64) for band in bands).meetings()
    }
    sharing = {row for band in bands for row, value in enumerate(band) if band.count(value) > 1}
    assert list(found) == sorted(sharing)
    for row, earlier in found.items():
        shared = [band for band in bands if band.count(band[row]) > 1]
        assert earlier == [[other for other in range(row) if band[other] == band[row]] for band in shared]


def test_where_nothing_is_shared_there_is_no_bucket():
    buckets = Buckets.of([np.arange(5), np.arange(5)])
    assert list(buckets.meetings()) == []
    assert len(buckets.rows()) == 0
