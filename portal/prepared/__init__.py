"""Pages that are the same for everybody, made once per revision and language and kept as bytes.

`pages` is the one list of them, `revision` names what they are made from, `preparing` makes one through the
portal's own views, `middleware` answers with them before sessions and database are touched, and `folder` writes
the same bytes as files for a web server (`manage.py publish`).
"""
