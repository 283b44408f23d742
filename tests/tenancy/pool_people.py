"""The people of the pool-leak run: their rows are committed, so they live in a database of their own."""

import uuid

import psycopg

from vciso.settings.addresses import database
from vciso.tenancy.models import User


def people_and_keys() -> tuple[dict[str, User], str, str]:
    """Makes two clients of one practice with a consultant and a marked person each."""
    migrator = database("MIGRATOR_DATABASE_URL", pool=False)
    names = {"host": "HOST", "port": "PORT", "user": "USER", "password": "PASSWORD", "dbname": "NAME"}
    practice = uuid.uuid4()
    users, keys = {}, []
    with psycopg.connect(**{name: migrator[key] for name, key in names.items()}) as db:
        db.execute(
            "INSERT INTO tenancy_practice (id, name, slug, accent, logo_key, "
            "second_approval, factor_roles, created_at) "
            "VALUES (%s, 'Pool', %s, '#2a4fc4', '', true, '{}', now())", [practice, f"pool-{practice.hex[:8]}"],
        )  # fmt: skip
        for name in ("alice", "charlie"):
            client, user = uuid.uuid4(), User(email=f"{name}-{uuid.uuid4().hex[:8]}@example.test", name=name)
            key = f"{name}-{client.hex[:6]}"
            db.execute(
                "INSERT INTO tenancy_client (id, practice_id, key, name, time_zone, currency, language, paper, hue, "
                "status, pack_release, created_at) VALUES (%s, %s, %s, %s, 'UTC', 'USD', 'en-US', 'a4', 1, 'active', "
                "'owner', now())", [client, practice, key, f"Client of {name}"],
            )  # fmt: skip
            db.execute(
                "INSERT INTO tenancy_user (id, email, name, password, is_active, theme, shortcuts, created_at) "
                "VALUES (%s, %s, %s, '!', true, 'auto', true, now())", [user.pk, user.email, name],
            )  # fmt: skip
            db.execute(
                "INSERT INTO tenancy_membership (id, user_id, practice_id, client_id, role, created_at) "
                "VALUES (gen_random_uuid(), %s, %s, %s, 'consultant', now())", [user.pk, practice, client],
            )  # fmt: skip
            users[name] = user
            keys.append(key)
        columns = "id, client_id, name, email, job_title, organisation, side, phone, private_notes, active, created_at"
        for key in keys:
            db.execute(
                f"INSERT INTO engagements_person ({columns}) SELECT gen_random_uuid(), id, %s, '', '', '', 'client', "
                "'', '', true, now() FROM tenancy_client WHERE key = %s", [f"MARK-{key}", key],
            )  # fmt: skip
    return {name: User.objects.get(pk=user.pk) for name, user in users.items()}, keys[0], keys[1]
