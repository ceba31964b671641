"""The REST API, read-only.

views                 the resources; resource = what they have in common
lookup, network, statistics, changes   the operations that are no resource
serializers, fields   a record as JSON; sparse = `?fields=`
records               interactions and sites as plain values; rendering = values as JSON
parameters, orders, pagination   the query of a URL, keyset paging
formats, tables       lists as files; release_redirect = `?release=`
serving, headers, throttles, problems   ETag and 304, headers, rates, errors (RFC 9457)
schema/               OpenAPI, documentation, examples, recipes
"""
