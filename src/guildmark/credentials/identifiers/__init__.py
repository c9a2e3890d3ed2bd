"""Keys and decentralized identifiers: multibase, Multikey, did:key, did:web, signers."""
