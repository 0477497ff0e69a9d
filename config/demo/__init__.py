"""The synthetic demonstration cohort: two centres, 295 patients, 27 contrast studies.

It reproduces the counts of the abstract of Abousamra et al. 2016 (doi 10.1111/dmcn.12893), and no
more is known than that abstract. It states that

- 295 patients had intrathecal baclofen management and 27 of them a CT contrast study;
- in 3 nothing could be aspirated and the procedure was stopped;
- 8 studies were normal and no operation was needed;
- 16 patients were operated on: 4 with a normal crescent, because the battery was close to
  expiration, 5 with inadequate pooling, 5 with a leak, 2 with loculation around the catheter tip.

Everything else in the cohort is made up from a fixed seed: persons, devices, dates, signs, work-up,
sites of the leaks, what the operations found and did, how the cases ended, and the division into
two centres. Each record names its made-up fields in `synthetic_fields`; `provenance` is the list of
what is not made up. What became of the three stopped studies is left open, as the abstract leaves
it.
"""
