"""Keys that open nothing, to be put into the surroundings of a daemon and never seen again."""

from tests.acceptance.paper_daemon import PaperDaemon

SECRETS = {
    "POLYMARKET_PRIVATE_KEY": "0x" + "5eed0fad0be57ee1" * 4,
    "POLYMARKET_API_KEY": "key-0d9a7b31-throw-away",
    "POLYMARKET_API_SECRET": "dGhyb3ctYXdheS1zZWNyZXQ=",
    "POLYMARKET_API_PASSPHRASE": "passphrase-throw-away",
    "PENNYD_LOG__LEVEL": "DEBUG",
}


def holders(daemon: PaperDaemon) -> list[tuple[str, str]]:
    """Return where a secret can be read: what was said, every file of the folder, every row."""
    places = {str(path): path.read_bytes() for path in daemon.folder.rglob("*") if path.is_file()}
    places["answers of commands"] = "".join(daemon.heard).encode()
    tables = daemon.query(
        "select format('%I.%I', schemaname, tablename) as name from pg_tables"
        " where schemaname not in ('pg_catalog', 'information_schema')"
    )
    assert tables
    for table in tables:
        rows = daemon.query(f"select t::text as text from {table['name']} t")
        places[f"table {table['name']}"] = "\n".join(row["text"] for row in rows).encode()
    texts = [text.removeprefix("0x") for name, text in SECRETS.items() if "POLYMARKET" in name]
    return [
        (place, text)
        for place, content in places.items()
        for text in texts
        if text.lower().encode() in content.lower()
    ]
