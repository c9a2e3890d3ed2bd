"""Keys and identifiers: multibase, did:key, did:jwk, did:web, controller documents, signers."""
