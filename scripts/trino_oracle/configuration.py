"""Configuration of the server: one node, file metastore, tables on the local disk, no other service."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

PLUGINS = ("geospatial", "hive", "iceberg", "memory")
# Athena's limit of partitions that one statement may write.
OPEN_PARTITIONS = "100"


def warehouse_folder(data: Path) -> Path:
    """Folder below which the server keeps schemas, tables, and the files of external tables."""
    return data / "warehouse"


def write_configuration(data: Path, *, port: int, plugins: Path) -> Path:
    """Write the server's configuration below `data` and return its main file.

    Args:
        data: an empty folder for configuration and tables.
        port: where the server listens, on the loopback interface only.
        plugins: folder with the plugins of `PLUGINS`.
    """
    etc = data / "etc"
    catalogs = etc / "catalog"
    catalogs.mkdir(parents=True)
    warehouse = warehouse_folder(data)
    warehouse.mkdir()
    write_catalogs(catalogs, warehouse.as_uri())
    levels = etc / "log.properties"
    _write(levels, {"io.trino": "WARN"})
    config = etc / "config.properties"
    properties = {
        "coordinator": "true",
        "node-scheduler.include-coordinator": "true",
        "node.environment": "oracle",
        "node.id": "oracle",
        "node.bind-ip": "127.0.0.1",
        "node.internal-address": "127.0.0.1",
        "http-server.http.port": str(port),
        "discovery.uri": f"http://127.0.0.1:{port}",
        "plugin.dir": str(plugins),
        "catalog.config-dir": str(catalogs),
        "log.levels-file": str(levels),
        "query.max-memory": "1GB",
        "query.max-memory-per-node": "512MB",
        "memory.heap-headroom-per-node": "512MB",
    }
    _write(config, properties)
    return config


def write_catalogs(folder: Path, warehouse: str) -> None:
    """Write one file for each catalog into `folder`; tables go below the URI `warehouse`."""
    # Both share a metastore, and Hive hands Iceberg tables over: Athena's one catalog holds both kinds.
    metastore = {"hive.metastore.catalog.dir": f"{warehouse}/metastore", "fs.hadoop.enabled": "true"}
    hive = {
        "connector.name": "hive",
        "hive.metastore": "file",
        "hive.iceberg-catalog-name": "iceberg",
        "hive.storage-format": "PARQUET",
        "hive.non-managed-table-writes-enabled": "true",
        "hive.max-partitions-per-writers": OPEN_PARTITIONS,
    }
    iceberg = {
        "connector.name": "iceberg",
        "iceberg.catalog.type": "TESTING_FILE_METASTORE",
        "iceberg.max-partitions-per-writer": OPEN_PARTITIONS,
    }
    _write(folder / "memory.properties", {"connector.name": "memory"})
    _write(folder / "hive.properties", {**hive, **metastore})
    _write(folder / "iceberg.properties", {**iceberg, **metastore})


def _write(path: Path, properties: Mapping[str, str]) -> None:
    path.write_text("".join(f"{key}={value}\n" for key, value in properties.items()), encoding="utf-8")
