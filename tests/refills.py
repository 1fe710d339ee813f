"""A PostgreSQL database put back as it was: what was written goes, what was there comes back, numbers begin again.

To make it anew would take ten times as long, and everybody would lose their connections.

    refills.remember(connection)           once, of the template
    refills.put_back(connection) -> bool   False where only a new database will do
"""

import psycopg

Connection = psycopg.Connection[tuple[object, ...]]

# Whoever is in the middle of something was left behind by a test that is over.
ALONE = """SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
WHERE datname = current_database() AND backend_type = 'client backend' AND state <> 'idle'
AND pid <> pg_backend_pid()"""
# A row of a table's own for every change of the schema, after which nothing here can be put back.
REMEMBERED = """CREATE SCHEMA kept;
CREATE TABLE kept.altered (command text);
CREATE FUNCTION kept.note() RETURNS event_trigger LANGUAGE plpgsql AS
$$ BEGIN INSERT INTO kept.altered VALUES (tg_tag); END $$;
{copies}
CREATE PROCEDURE kept.clear() LANGUAGE plpgsql AS
$$ BEGIN SET LOCAL session_replication_role = replica; {clear} END $$;
CREATE PROCEDURE kept.fill() LANGUAGE plpgsql AS
$$ BEGIN SET LOCAL session_replication_role = replica; {fill} END $$;
CREATE EVENT TRIGGER kept_altered ON ddl_command_end EXECUTE FUNCTION kept.note();"""
ALTERED = "SELECT EXISTS (SELECT FROM kept.altered)"
TABLES = "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY oid"
WRITTEN = TABLES.replace("ORDER", "AND pg_relation_size(oid) > 0 ORDER")
NUMBERS = "SELECT sequencename, coalesce(last_value, 1), last_value IS NOT NULL FROM pg_sequences"


def remember(connection: Connection) -> None:
    tables = names(connection, TABLES)
    filled = names(connection, WRITTEN)
    numbers = connection.execute(NUMBERS).fetchall()
    run(
        connection,
        REMEMBERED.format(
            copies="".join(f"CREATE TABLE kept.{name} AS TABLE public.{name};" for name in filled),
            clear="".join(f"DELETE FROM public.{name};" for name in tables),
            fill="".join(f"INSERT INTO public.{name} TABLE kept.{name};" for name in filled)
            + "".join(f"PERFORM setval('public.{name}', {last}, {called});" for name, last, called in numbers),
        ),
    )


def put_back(connection: Connection) -> bool:
    connection.execute(ALONE)
    try:
        if connection.execute(ALTERED).fetchall() != [(False,)]:
            return False
        run(connection, "CALL kept.clear()")
        # Rows lie in the order in which they are written only where no holes are left.
        if written := names(connection, WRITTEN):
            run(connection, f"VACUUM {', '.join(written)}")
        run(connection, "CALL kept.fill()")
    except psycopg.errors.LockNotAvailable:
        return False
    return True


def names(connection: Connection, question: str) -> list[str]:
    return [f'"{name}"' for (name,) in connection.execute(question.encode())]


def run(connection: Connection, statement: str) -> None:
    connection.execute(statement.encode())
