"""Translation units in one SQLite file.

A unit is one passage in two or three languages. Beside the texts stands an index of their words
(Chinese: characters and pairs of them; Russian: lemmas; English: stems), so that two characters
and any case ending are found; SQLite's own trigram index finds neither.
"""

import hashlib
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from toolkit.errors import FileError
from toolkit.languages import LANGS
from toolkit.translate.memory import key
from toolkit.translate.tm import words

_APPLICATION, _VERSION = 0x546D7467, 1  # "Tmtg"
_BATCH = 2000
_SCHEMA = """
CREATE TABLE unit (
    id INTEGER PRIMARY KEY, sum BLOB NOT NULL UNIQUE, origin TEXT NOT NULL, place TEXT NOT NULL,
    changed TEXT NOT NULL, author TEXT NOT NULL
);
CREATE TABLE text (
    unit INTEGER NOT NULL, lang TEXT NOT NULL, text TEXT NOT NULL, key BLOB NOT NULL,
    PRIMARY KEY (unit, lang)
) WITHOUT ROWID;
CREATE INDEX text_key ON text (lang, key);
CREATE VIRTUAL TABLE word USING fts5(
    zh, ru, en, content='', detail=column, tokenize="ascii tokenchars '_'"
);
CREATE VIRTUAL TABLE frequency USING fts5vocab(word, col);
"""


@dataclass(frozen=True, slots=True)
class Unit:
    """One passage: its text by language, and whence it comes.

    ``origin`` is the file it was read from, ``place`` a line or an id in it, ``changed`` a date
    as the file gave it (ISO), ``author`` who changed it; empty where not known.
    """

    texts: Mapping[str, str]
    origin: str = ""
    place: str = ""
    changed: str = ""
    author: str = ""
    id: int = 0


@dataclass(slots=True)
class Added:
    """What became of units handed to the store."""

    added: int = 0
    known: int = 0
    refused: Counter[str] = field(default_factory=Counter)


class Store:
    """A translation memory file, made where it does not exist.

    Args:
        path: The file; ``":memory:"`` keeps it in memory.
        create: Whether to make it where there is none.

    Raises:
        FileError: If it is not a translation memory, is locked by another writer, or is missing
            and not to be made.
    """

    def __init__(self, path: str | Path, *, create: bool = False) -> None:
        self.path = str(path)
        inside = self.path == ":memory:"
        exists = not inside and Path(path).exists()
        if not inside and not exists and not create:
            raise FileError(
                f"{path}: there is no such translation memory; make it with"
                f" tongwen tm import {path} FILE"
            )
        with self._told():
            self.base = sqlite3.connect(self.path, timeout=5)
            (found,) = self.base.execute("PRAGMA application_id").fetchone()
            (tables,) = self.base.execute("SELECT count(*) FROM sqlite_master").fetchone()
            if tables and found != _APPLICATION:
                raise FileError(f"{path}: a database, but not a translation memory of tongwen")
            if not tables:
                self.base.executescript(
                    f"PRAGMA application_id={_APPLICATION}; PRAGMA user_version={_VERSION};"
                    f"PRAGMA journal_mode=WAL; BEGIN; {_SCHEMA} COMMIT;"
                )
            (version,) = self.base.execute("PRAGMA user_version").fetchone()
            if version > _VERSION:
                raise FileError(f"{path}: written by a newer tongwen (format {version})")

    def close(self) -> None:
        self.base.close()

    def __enter__(self) -> "Store":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.DatabaseError as error:
            said = str(error)
            if "locked" in said:
                said = "another program is writing to it; try again when it has ended"
            elif "not a database" in said or "malformed" in said:
                said = "not a translation memory (no SQLite file)"
            elif "full" in said:
                said = "no space left; what was written before is kept"
            elif "unable to open" in said:
                said = "cannot be opened; is its folder there, and may you write to it?"
            raise FileError(f"{self.path}: {said}") from None

    # -- In

    def add(self, units: Iterable[Unit]) -> Added:
        """Add units; one whose texts are all there already is known and not added again.

        They are written in batches, each wholly or not at all: what an interrupted import had
        written stays, and the same import run again adds the rest.
        """
        told = Added()
        batch: list[Unit] = []
        for unit in units:
            texts = {lang: unit.texts[lang].strip() for lang in LANGS if unit.texts.get(lang)}
            texts = {lang: text for lang, text in texts.items() if text}
            if len(texts) < 2:
                told.refused["fewer than two languages"] += 1
                continue
            batch.append(Unit(texts, unit.origin, unit.place, unit.changed, unit.author))
            if len(batch) >= _BATCH:
                self._write(batch, told)
                batch = []
        self._write(batch, told)
        return told

    def _write(self, batch: Sequence[Unit], told: Added) -> None:
        with self._told(), self.base:
            for unit in batch:
                joined = "\x1e".join(f"{lang}\x1f{text}" for lang, text in unit.texts.items())
                row = self.base.execute(
                    "INSERT OR IGNORE INTO unit (sum, origin, place, changed, author)"
                    " VALUES (?, ?, ?, ?, ?)",
                    (_sum(joined), unit.origin, unit.place, unit.changed, unit.author),
                )
                if not row.rowcount:
                    told.known += 1
                    continue
                told.added += 1
                number = row.lastrowid
                plain = {lang: words.plain_of(text, lang) for lang, text in unit.texts.items()}
                self.base.executemany(
                    "INSERT INTO text VALUES (?, ?, ?, ?)",
                    [(number, lang, text, _sum(key(text, lang, plain[lang])))
                     for lang, text in unit.texts.items()],
                )  # fmt: skip
                self.base.execute(
                    "INSERT INTO word (rowid, zh, ru, en) VALUES (?, ?, ?, ?)",
                    (number, *(words.indexed(plain.get(lang, ""), lang) for lang in LANGS)),
                )

    # -- Out

    def units(self, ids: Iterable[int] | None = None) -> Iterator[Unit]:
        """Yield units, all in the order they came, or those asked for in the order asked."""
        with self._told():
            if ids is not None:
                for number in ids:
                    yield from self._read("WHERE unit.id = ?", (number,))
            else:
                yield from self._read("", ())

    def _read(self, where: str, values: tuple) -> Iterator[Unit]:
        rows = self.base.execute(
            "SELECT unit.id, origin, place, changed, author, lang, text FROM unit"
            f" JOIN text ON text.unit = unit.id {where} ORDER BY unit.id",
            values,
        )
        head: tuple | None = None
        texts: dict[str, str] = {}
        for row in rows:
            if head is not None and row[0] != head[0]:
                yield _unit(head, texts)
                texts = {}
            head = row
            texts[row[5]] = row[6]
        if head is not None:
            yield _unit(head, texts)

    def exact(self, text: str, source: str, target: str) -> list[Unit]:
        """Return the units whose source is ``text`` in any spelling and that have the target.

        Spelling is what `memory.key` takes away: width, quotation marks, ё, traditional signs.
        """
        own = key(text, source)
        with self._told():
            rows = self.base.execute(
                "SELECT one.unit FROM text AS one JOIN text AS other"
                " ON other.unit = one.unit AND other.lang = ?"
                " WHERE one.lang = ? AND one.key = ? ORDER BY one.unit",
                (target, source, _sum(own)),
            ).fetchall()
        units = self.units(number for (number,) in rows)
        return [unit for unit in units if key(unit.texts[source], source) == own]

    def near(self, text: str, lang: str, limit: int = 200) -> list[int]:
        """Return the ids of units that share the rarest words of ``text``, the likeliest first."""
        wanted = Counter(words.indexed(words.plain_of(text, lang), lang).split())
        with self._told():
            known: dict[str, int] = {}
            for word in wanted:
                row = self.base.execute(
                    "SELECT doc FROM frequency WHERE term = ? AND col = ?", (word, lang)
                ).fetchone()
                if row:
                    known[word] = row[0]
            rare = sorted(known, key=lambda word: (known[word], word))[:_RAREST]
            votes: Counter[int] = Counter()
            budget = _POSTINGS
            for word in rare:
                if budget - known[word] < 0 and votes:
                    break
                budget -= known[word]
                rows = self.base.execute(
                    "SELECT rowid FROM word WHERE word MATCH ? LIMIT ?",
                    (f'{{{lang}}} : "{word}"', _POSTINGS),
                )
                votes.update(number for (number,) in rows)
        return [number for number, _ in sorted(votes.items(), key=lambda v: (-v[1], v[0]))][:limit]

    def concordance(self, query: str, lang: str, limit: int = 50) -> list[Unit]:
        """Return units with every word of a query, in any form, in the order they came."""
        wanted = words.asked(query, lang)
        if not wanted:
            return []
        asked = " AND ".join(
            "(" + " OR ".join(f'{{{lang}}} : "{word}"' for word in ways) + ")" for ways in wanted
        )
        with self._told():
            rows = self.base.execute(
                "SELECT rowid FROM word WHERE word MATCH ? ORDER BY rowid LIMIT ?",
                (asked, limit * 20),
            ).fetchall()
        found = []
        for unit in self.units(number for (number,) in rows):
            if lang in unit.texts and words.holds(unit.texts[lang], query, lang):
                found.append(unit)
                if len(found) == limit:
                    break
        return found

    def conflicts(self, source: str, target: str, limit: int = 1000) -> Iterator[list[Unit]]:
        """Yield units that say the same in ``source`` and not in ``target``, group by group."""
        with self._told():
            groups = self.base.execute(
                "SELECT one.key FROM text AS one JOIN text AS other"
                " ON other.unit = one.unit AND other.lang = ? WHERE one.lang = ?"
                " GROUP BY one.key HAVING count(DISTINCT other.key) > 1 ORDER BY min(one.unit)"
                " LIMIT ?",
                (target, source, limit),
            ).fetchall()
            for (own,) in groups:
                rows = self.base.execute(
                    "SELECT unit FROM text WHERE lang = ? AND key = ? ORDER BY unit",
                    (source, own),
                ).fetchall()
                units = [u for u in self.units(n for (n,) in rows) if target in u.texts]
                if len({key(unit.texts[target], target) for unit in units}) > 1:
                    yield units

    def statistics(self) -> dict[str, object]:
        """Return counts: units, texts by language, by origin, pairs with both languages."""
        with self._told():
            (units,) = self.base.execute("SELECT count(*) FROM unit").fetchone()
            texts = dict(
                self.base.execute("SELECT lang, count(*) FROM text GROUP BY lang ORDER BY lang")
            )
            origins = dict(
                self.base.execute(
                    "SELECT origin, count(*) FROM unit GROUP BY origin ORDER BY min(id)"
                )
            )
        return {"units": units, "texts": texts, "origins": origins}


# How many of the rarest words are asked for, and how many places of words are read at most: what
# bounds the time of a search in a large memory.
_RAREST = 8
_POSTINGS = 60_000


def _unit(head: tuple, texts: Mapping[str, str]) -> Unit:
    number, origin, place, changed, author = head[:5]
    return Unit(dict(texts), origin, place, changed, author, number)


def _sum(text: str) -> bytes:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=12).digest()
