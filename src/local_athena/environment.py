"""Which environment variables lead AWS's clients to a local Athena."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit

#: Where everything is, for clients that want to know; any other region sees the same.
REGION = "us-east-1"

#: Variables that would lead a client elsewhere; a shell that uses the local Athena unsets them.
MISLEADING = (
    "AWS_PROFILE",
    "AWS_DEFAULT_PROFILE",
    "AWS_SESSION_TOKEN",
    "AWS_ENDPOINT_URL_ATHENA",
    "AWS_ENDPOINT_URL_GLUE",
    "AWS_ENDPOINT_URL_LAKEFORMATION",
    "AWS_ENDPOINT_URL_S3",
    "AWS_ENDPOINT_URL_STS",
    "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
)


def environment_for(url: str) -> dict[str, str]:
    """The variables with which AWS's clients talk to the server at this address; the keys are dummies."""
    return {
        "AWS_ENDPOINT_URL": url,
        "AWS_ACCESS_KEY_ID": "local",
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_EC2_METADATA_DISABLED": "true",
    }


def address(host: str, port: int) -> str:
    """The URL of a server."""
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def is_local(url: str) -> bool:
    """Whether an address is one of this machine's own."""
    host = urlsplit(url).hostname or ""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
