"""The VC-API of the W3C Credentials Community Group: plain functions, and a server on loopback.

Verifiable Credential API for Lifecycle Management (https://www.w3.org/TR/vcalm/), in which the
VC-API (https://w3c-ccg.github.io/vc-api/) goes on.
"""
