"""Errors of Athena's API in the words of the service."""

from __future__ import annotations

from local_athena.protocol.api import ApiError


def invalid(message: str) -> ApiError:
    """InvalidRequestException, with which Athena answers nearly all that is wrong."""
    return ApiError("InvalidRequestException", message, AthenaErrorCode="INVALID_INPUT")


def missing(message: str) -> ApiError:
    """ResourceNotFoundException, of prepared statements."""
    return ApiError("ResourceNotFoundException", message)


def no_metadata(message: str) -> ApiError:
    """MetadataException, of databases and tables."""
    return ApiError("MetadataException", message)
