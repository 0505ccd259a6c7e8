"""The editors' pages, below /staff/admin/faq/entry/: behind the door of the staff, for who may change the FAQ."""
