"""What is kept of a run: numbers and names, and nothing that was in the data."""

from __future__ import annotations

from unit.history.support import DAYS, record

from derived_tables.history.records import Cost, records_of
from derived_tables.project.artefacts import Result, Run
from derived_tables.project.log import Assertion

RUN = Run(
    "11111111-0000-4000-8000-000000000000",
    "build",
    None,
    {},
    DAYS[0],
    DAYS[1],
    9.0,
    (
        Result("model.shop.a", "success", 1.5, 7, None, {"_message": "Jane Doe"}),
        Result("test.shop.b", "fail", 0.5, None, 2, {}),
    ),
)


def test_records_of_a_run() -> None:
    costs = {"model.shop.a": Cost(4, 100, 0.00005), "test.shop.b": Cost(1, 0, 0.0), "": Cost(2, 5, 0.00005)}
    assertions = [Assertion("test.shop.b", "not_null(id)", "fail", 2)]
    shared = {"ended": DAYS[1], "is_priced": False, "failures": None, "seconds": None}
    nothing = {"statements": None, "scanned": None, "price": None}
    assert records_of(RUN, "dev", costs, assertions, is_priced=False) == [
        record(**{**shared, "seconds": 1.5}, node="model.shop.a", status="success", rows=7, statements=4, scanned=100),
        record(
            **{**shared, "failures": 2, "seconds": 0.5},
            node="test.shop.b",
            status="fail",
            statements=1,
            scanned=0,
            price=0.0,
        ),
        record(**shared, node="", status="", statements=2, scanned=5),
        record(**{**shared, **nothing, "failures": 2}, node="test.shop.b", assertion="not_null(id)", status="fail"),
    ]


def test_a_run_without_prices() -> None:
    [model, _] = records_of(RUN, "laptop", {}, [], is_priced=True)
    assert (model.statements, model.scanned, model.price, model.target) == (None, None, None, "laptop")
