"""PostgreSQL and Redis that belong to this checkout and answer on sockets only.

Here live: where their data lies (`layout`), who runs them (`account`), how each is
made, started, recovered and stopped (`postgres`, `redis`), and who may stop them
(`parts`). Only the standard library is imported: this code runs before anything is
installed and must not need Django to bring the database up.
"""
