"""Pages: a scoped query, a form, a service, a redirect."""
