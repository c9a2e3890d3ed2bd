"""Files that carry a credential: pictures, documents, bundles."""
