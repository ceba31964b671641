"""Commands that read: content_digest, export_pages, make_release."""
