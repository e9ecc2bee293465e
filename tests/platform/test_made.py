from malpas.dev.servers import made
from malpas.dev.servers.postgres import Postgres


def test_a_copy_has_the_tables_and_nobody_in_them(tmp_path):
    postgres = Postgres(tmp_path, fsync=False)
    postgres.data.mkdir(parents=True)
    (postgres.data / "of a run before").touch()
    made.put_tables(postgres)
    postgres.start()
    try:
        with postgres._connect("malpas") as connection:
            assert connection.execute(
                "SELECT count(*) > 50 FROM pg_tables WHERE schemaname = 'public'"
            ).fetchone() == (True,)
            assert connection.execute("SELECT count(*) FROM accounts_user").fetchone() == (0,)
    finally:
        postgres.stop()
    assert not (postgres.data / "of a run before").exists()


def test_another_migration_is_another_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(made, "ROOT", tmp_path)
    migration = tmp_path / "accounts" / "migrations" / "0001_initial.py"
    migration.parent.mkdir(parents=True)
    found = [made.digest()]
    for words in ("operations = []", "operations = [one]"):
        migration.write_text(words)
        found.append(made.digest())
    migration.rename(migration.with_name("0002_initial.py"))
    found.append(made.digest())
    assert len(set(found)) == 4
