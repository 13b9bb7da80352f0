"""The kinds of sandbox: `namespaces`, `landlock`, and for tests `none`, with what they share."""
