"""The catalogue of a database that the whole system has made, asked by the roles themselves."""

from uuid import uuid4

import asyncpg
import pytest

from enquiry.log.wall import APPENDER, ERASER, READER, ROLES, SIGNER, WORKER
from enquiry.runtime.start import running

UNFENCED = """
SELECT n.nspname || '.' || c.relname
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'alliance' AND NOT a.attisdropped
WHERE c.relkind IN ('r', 'p') AND n.nspname LIKE 'enquiry%' AND NOT (
    c.relrowsecurity AND c.relforcerowsecurity
    AND EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid)
)
ORDER BY 1
"""
OWNED = """
SELECT r.rolname || ' ' || c.relname FROM pg_roles r JOIN pg_class c ON c.relowner = r.oid
WHERE r.rolname = ANY ($1)
UNION ALL
SELECT r.rolname || ' ' || n.nspname FROM pg_roles r JOIN pg_namespace n ON n.nspowner = r.oid
WHERE r.rolname = ANY ($1)
UNION ALL
SELECT r.rolname || ' ' || p.proname FROM pg_roles r JOIN pg_proc p ON p.proowner = r.oid
WHERE r.rolname = ANY ($1)
"""
MIGHTY = """
SELECT rolname FROM pg_roles
WHERE rolname = ANY ($1)
    AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolcanlogin OR rolreplication)
"""
WRITES = """
SELECT r.role, n.nspname || '.' || c.relname AS relation, p.privilege
FROM unnest($1::text[]) AS r (role), pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace,
    unnest('{INSERT,UPDATE,DELETE,TRUNCATE}'::text[]) AS p (privilege)
WHERE c.relkind = 'r' AND n.nspname LIKE 'enquiry%' AND (
    has_table_privilege(r.role, c.oid, p.privilege)
    OR (p.privilege IN ('INSERT', 'UPDATE')
        AND has_any_column_privilege(r.role, c.oid, p.privilege))
)
"""
VIEWS = "enquiry_views_stream_index_v"
MAY = {
    (APPENDER, "enquiry.stored_tracking"): {"INSERT", "UPDATE"},
    (ERASER, "enquiry.sealed"): {"DELETE"},
    (ERASER, "enquiry.subject_keys"): {"UPDATE"},
    (SIGNER, "enquiry_audit.tiles"): {"INSERT", "UPDATE"},
    (SIGNER, "enquiry_audit.checkpoints"): {"INSERT"},
    (SIGNER, "enquiry_audit.signing_keys"): {"INSERT", "UPDATE"},
    (SIGNER, "enquiry_audit.platform_entries"): {"INSERT"},
    (WORKER, "enquiry_views.versions"): {"UPDATE"},
    (WORKER, "enquiry_views.active"): {"INSERT", "UPDATE"},
    (WORKER, "enquiry_views.parked"): {"INSERT", "DELETE"},
    (WORKER, "enquiry_boxes.boxes"): {"INSERT", "UPDATE", "DELETE"},
}


@pytest.fixture
async def made(database, tmp_path):
    """A database in which the whole system runs."""
    async with running(tmp_path, database, timers=False) as system:
        yield database, system


async def asked(url, role, statement, *arguments):
    connection = await asyncpg.connect(url, timeout=10, server_settings={"role": role})
    try:
        return [tuple(row) for row in await connection.fetch(statement, *arguments)]
    finally:
        await connection.close(timeout=10)


async def test_every_table_that_says_whose_its_rows_are_has_a_forced_policy(made):
    assert await asked(made[0], READER, UNFENCED) == []


async def test_a_table_without_a_forced_policy_is_found(made):
    url, _ = made
    owner = await asyncpg.connect(url, timeout=10)
    await owner.execute(f"CREATE TABLE enquiry.gap_{uuid4().hex[:6]} (alliance uuid)")
    await owner.close(timeout=10)
    assert len(await asked(url, READER, UNFENCED)) == 1


async def test_no_role_owns_anything_nor_passes_by_the_wall(made):
    for role in ROLES:
        assert await asked(made[0], role, OWNED, list(ROLES)) == []
        assert await asked(made[0], role, MIGHTY, list(ROLES)) == []


async def test_each_role_writes_what_is_on_its_list_and_nothing_else(made):
    found: dict[tuple[str, str], set[str]] = {}
    for role, relation, privilege in await asked(made[0], READER, WRITES, list(ROLES)):
        if not (role == WORKER and relation.startswith(VIEWS)):
            found.setdefault((role, relation), set()).add(privilege)
        else:
            assert privilege != "TRUNCATE"
    assert found == MAY


async def test_a_reader_of_the_lists_sees_its_own_alliance_alone(made):
    url, system = made
    standing = await system.listing._shelf.active("stream_index")
    statement = f"SELECT count(*) FROM {standing.schema}.stream_index"
    assert await asked(url, READER, statement) == [(0,)]


async def test_the_system_says_that_the_wall_is_up(made):
    assert (await made[1].health())["wall"] == "up"
