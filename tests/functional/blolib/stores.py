"""What lies in an office's store while its daemon runs and has it for itself."""

import contextlib
import shutil
import sqlite3
import tempfile

from .waiting import until


def _state(office):
    """Changes whenever either file does."""
    return [(file.name, file.stat().st_size, file.stat().st_mtime_ns) for file in sorted(office.home.glob("store.db*"))]


def _copied(office, copy):
    """Whether both files were copied as they stood at one moment."""
    before = _state(office)
    for name, _, _ in before:
        shutil.copy2(office.home / name, copy)
    return _state(office) == before


def query(office, sql):
    """The rows of a copy, the log included."""
    with tempfile.TemporaryDirectory() as copy:
        until(lambda: _copied(office, copy), "the store is copied between two writes")
        with contextlib.closing(sqlite3.connect(f"{copy}/store.db")) as database:
            return database.execute(sql).fetchall()


def secrets(office, table):
    """Whatever stands in a column of secrets: what is sealed, and each wrapped key, name and text."""
    columns = [name for name, in query(office, f"SELECT name FROM pragma_table_info('{table}')")
               if name == "sealed" or name.startswith("wrapped_")]
    return {part for row in query(office, f"SELECT {', '.join(columns)} FROM {table}") for part in row if part}


def left_on_disk(office, parts):
    """(file, how many of the parts stand in it) of every file of the home in which one does."""
    found = []
    for file in office.home.rglob("*"):
        if file.is_file():
            data = file.read_bytes()
            count = sum(part in data for part in parts)
            if count:
                found.append((file.name, count))
    return found
