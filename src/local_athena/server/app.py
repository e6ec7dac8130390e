"""The local Athena as one object: start it, use its address, stop it."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from threading import Lock, Thread
from types import TracebackType

from local_athena.environment import REGION, address, environment_for
from local_athena.faults import Faults, Rule
from local_athena.log import CallLog, Record
from local_athena.outcome import Engine
from local_athena.outcome import Request as Query
from local_athena.protocol.api import JsonService
from local_athena.protocol.http import Handler, HttpServer, Request, Response
from local_athena.server.athena.service import AthenaService
from local_athena.server.gateway import Gateway
from local_athena.server.glue.service import GlueService
from local_athena.server.lake_formation import LakeFormation
from local_athena.store import AlreadyExistsError
from local_athena.stores.objects import FileObjects
from local_athena.stores.open import Stores, open_stores

#: How long `LocalAthena.stop` waits for what it has cancelled.
PATIENCE = 10.0
#: Where tables go that `LocalAthena.query` makes without a location.
_QUERIES = "local-athena-queries"


class LocalAthena:
    """A local Athena with S3, Glue, STS and Lake Formation on one port.

    Args:
        host: where it listens.
        port: 0 takes a free one.
        data_dir: where buckets, objects, Glue entries, work groups and saved statements stay; None keeps nothing.
        log: a file that gets a line of JSON for each call and each statement.
        faults: rules that are at work from the start.
        crash: what the fault `crash` does; without it, the server stops to answer.
        engine: makes what runs statements, given the stores; for tests of the server itself.

    Attributes:
        faults: the rules of faults.
    """

    def __init__(
        self,
        host: str = "127.0.0.1",
        port: int = 0,
        *,
        data_dir: Path | None = None,
        log: Path | None = None,
        faults: Iterable[Rule | str] = (),
        crash: Callable[[], None] | None = None,
        engine: Callable[[Stores], Engine] | None = None,
    ) -> None:
        self._host = host
        self._port = port
        self._data_dir = data_dir
        self._log_file = log
        self._engine = engine or _engine
        self.faults = Faults(crash or self._vanish)
        for rule in faults:
            self.faults.add(rule)
        self._running: _Running | None = None

    def start(self) -> LocalAthena:
        """Begins to answer; returns itself.

        Raises:
            OSError: the port is taken, or a file cannot be written.
            InUseError: another process has the data folder.
        """
        with ExitStack() as undo:
            log = CallLog(self._log_file)
            undo.callback(log.close)
            stores = open_stores(self._data_dir)
            undo.callback(stores.close)
            s3 = _LazyS3(stores.objects)
            undo.callback(s3.close)
            engine = self._engine(stores)
            undo.callback(getattr(engine, "close", lambda: None))
            athena = AthenaService(engine, stores, self.faults, log)
            services: dict[str, JsonService] = {
                "athena": athena,
                "glue": GlueService(stores),
                "lakeformation": LakeFormation(stores),
            }
            http = HttpServer(self._host, self._port, Gateway(services, s3, self.faults, log))
            http.start()
            self._running = _Running(stores, engine, log, http, athena, undo.pop_all())
        return self

    def stop(self, patience: float = PATIENCE) -> bool:
        """Stops to answer and cancels what runs. Without a data folder, all is gone then.

        Args:
            patience: how many seconds it waits at most for what it has cancelled.

        Returns:
            Whether all of it has ended. What has not is a thread that the end of the process ends.
        """
        running, self._running = self._running, None
        return running is None or running.stop(patience)

    def __enter__(self) -> LocalAthena:
        return self.start() if self._running is None else self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def url(self) -> str:
        """Its address, for `AWS_ENDPOINT_URL`."""
        return address(*self._need().http.address)

    @property
    def stores(self) -> Stores:
        """What it keeps, without HTTP."""
        return self._need().stores

    @property
    def calls(self) -> list[Record]:
        """The log: all calls and ends of statements so far."""
        return self._need().log.records()

    def environment(self) -> dict[str, str]:
        """The variables with which AWS's clients talk to it. Unset `environment.MISLEADING` as well."""
        return environment_for(self.url)

    def create_bucket(self, name: str) -> None:
        """Makes a bucket unless it exists."""
        self.stores.objects.create_bucket(name, REGION)

    def create_database(self, name: str) -> None:
        """Makes a database of Glue unless it exists."""
        try:
            self.stores.glue.create_database({"Name": name})
        except AlreadyExistsError:
            return

    def create_work_group(self, name: str) -> None:
        """Makes a work group, unless it exists, that leaves it to its clients where results go."""
        athena = self._need().athena
        if name not in {group["Name"] for group in athena.call("ListWorkGroups", {})["WorkGroups"]}:
            configuration = {"EnforceWorkGroupConfiguration": False}
            athena.call("CreateWorkGroup", {"Name": name, "Configuration": configuration})

    def query(self, sql: str, database: str = "default") -> list[dict[str, str | None]]:
        """Runs a statement without HTTP; for tests that look at what is there.

        Args:
            sql: one statement.
            database: of names without one.

        Returns:
            The rows as texts by their columns' names, as GetQueryResults prints them; None is null.

        Raises:
            AthenaError: the statement fails.
        """
        self.create_bucket(_QUERIES)
        query_id = str(uuid.uuid4())
        outcome = self._need().engine.run(
            Query(sql, database, "awsdatacatalog", "primary", (), f"s3://{_QUERIES}/", query_id)
        )
        names = [column.name for column in outcome.columns]
        return [dict(zip(names, row, strict=True)) for row in outcome.rows]

    def _vanish(self) -> None:
        """To the client, a crash: nobody answers any more. What is kept is left as it is."""
        Thread(target=self._need().http.vanish, daemon=True).start()

    def _need(self) -> _Running:
        if self._running is None:
            raise RuntimeError("The local Athena is not running: start() comes first.")
        return self._running


@dataclass(frozen=True)
class _Running:
    stores: Stores
    engine: Engine
    log: CallLog
    http: HttpServer
    athena: AthenaService
    end: ExitStack

    def stop(self, patience: float) -> bool:
        """Ends what uses the processor first, then what answers calls, and then what these work with."""
        deadline = time.monotonic() + patience
        getattr(self.engine, "abandon", lambda: None)()
        idle = self.athena.close(patience)
        self.http.stop()
        idle = self.http.wait(deadline - time.monotonic()) and idle
        self.end.close()
        return idle


class _LazyS3:
    """S3, made when the first request comes: moto is slow to import."""

    def __init__(self, objects: FileObjects) -> None:
        self._objects = objects
        self._lock = Lock()
        self._handle: Handler | None = None
        self._close: Callable[[], None] = lambda: None

    def __call__(self, request: Request) -> Response:
        with self._lock:
            if self._handle is None:
                from local_athena.moto_bridge.s3 import S3  # noqa: PLC0415

                s3 = S3(self._objects)
                self._handle, self._close = s3.handle, s3.close
        return self._handle(request)

    def close(self) -> None:
        """Leaves moto, if it was needed."""
        self._close()


def _engine(stores: Stores) -> Engine:
    """The engine of the local Athena; imported here because DuckDB takes its time."""
    from local_athena.engine import LocalEngine  # noqa: PLC0415

    return LocalEngine(stores.objects, stores.glue, stores.prepared)
