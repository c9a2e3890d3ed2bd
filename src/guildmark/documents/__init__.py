"""Where other people's documents come from: files, a folder, the network within bounds.

Each source is a `Resolver` of `guildmark.credentials`. No web framework, no database.
"""
