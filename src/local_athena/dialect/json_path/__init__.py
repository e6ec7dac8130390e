"""The JSON path language of JSON_EXISTS, JSON_VALUE and JSON_QUERY.

Source: https://trino.io/docs/current/functions/json.html#json-path-language
"""
